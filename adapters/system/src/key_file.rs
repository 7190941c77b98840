//! The file of the master keys: made once, read ever after, never overwritten.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::Path,
};

use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

use crate::{KeyError, MasterKeys, master_keys::MasterKey};

/// The most bytes of a key file: room for hundreds of keys.
const MOST_BYTES: usize = 64 * 1024;

impl MasterKeys {
    /// Reads the keys of a file. When there is none it is made with one new key, readable by its owner
    /// only, and is on disk before this returns. An existing file is never changed: of processes that start
    /// together one makes the file, and all read it.
    ///
    /// # Errors
    ///
    /// [`KeyError::Exposed`] when the file's mode gives its group or others any right;
    /// [`KeyError::Malformed`] when it holds no key; [`KeyError::File`] when it cannot be read or made.
    pub fn load_or_create_key_file(path: &Path) -> Result<Self, KeyError> {
        let failed = |source| KeyError::File { path: path.display().to_string(), source };
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                create(path, &MasterKey::generate()?.to_text()).map_err(failed)?;
                File::open(path).map_err(failed)?
            }
            Err(error) => return Err(failed(error)),
        };
        // Asked of the open file, so that nobody can exchange it between the question and the reading.
        if is_exposed(&file).map_err(failed)? {
            return Err(KeyError::Exposed { path: path.display().to_string() });
        }
        Self::parse(&read(&mut file).map_err(failed)?)
    }
}

/// Reads into a buffer that never grows: a growing one leaves copies behind in memory.
fn read(file: &mut File) -> io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::with_capacity(MOST_BYTES + 1));
    let limit = u64::try_from(MOST_BYTES + 1).unwrap_or(u64::MAX);
    if file.take(limit).read_to_string(&mut text)? > MOST_BYTES {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is too large to be a key file"));
    }
    Ok(text)
}

/// Written beside and then linked into place: a link never replaces, and nobody ever reads half a key.
fn create(path: &Path, key: &SecretString) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let oldest = create_folders(folder)?;
    // Named by chance, not by the process: in containers every process has the same number.
    let mut suffix = [0; 8];
    aws_lc_rs::rand::fill(&mut suffix).map_err(|_| io::Error::other("no randomness"))?;
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{:016x}.new", u64::from_le_bytes(suffix)));
    let beside = Path::new(&name);

    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(beside)?;
    let linked = file
        .write_all(key.expose_secret().as_bytes())
        .and_then(|()| file.write_all(b"\n"))
        .and_then(|()| file.sync_all())
        .and_then(|()| match fs::hard_link(beside, path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        });
    let removed = fs::remove_file(beside);
    linked?;
    removed?;
    sync_folders(folder, oldest)
}

/// Makes the folder and those above it; returns the nearest one that was there before.
fn create_folders(folder: &Path) -> io::Result<&Path> {
    let oldest = folder.ancestors().find(|folder| folder.is_dir()).unwrap_or(folder);
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    Ok(oldest)
}

/// Syncs the folder and those above it up to `oldest`: a name is on disk when its folder is.
#[cfg(unix)]
fn sync_folders(folder: &Path, oldest: &Path) -> io::Result<()> {
    for folder in folder.ancestors().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
        if folder == oldest {
            break;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn sync_folders(_: &Path, _: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn is_exposed(file: &File) -> io::Result<bool> {
    Ok(std::os::unix::fs::PermissionsExt::mode(&file.metadata()?.permissions()) & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_exposed(_: &File) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    fn id(keys: &MasterKeys) -> String {
        keys.current().id.clone()
    }

    #[test]
    fn a_key_file_is_made_once_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("outer").join("inner").join("master.key");
        let made = MasterKeys::load_or_create_key_file(&path).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(id(&made), id(&MasterKeys::load_or_create_key_file(&path).unwrap()));
        assert_eq!(text, fs::read_to_string(&path).unwrap());
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn processes_that_start_together_read_the_same_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let ids: Vec<String> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| id(&MasterKeys::load_or_create_key_file(&path).expect("a key"))))
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_without_a_key_is_refused_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        for (content, told) in [("", "openssl"), ("not a key", "openssl"), (&"0".repeat(MOST_BYTES + 1), "key file")] {
            fs::write(&path, content).unwrap();
            make_private(&path);
            let error = MasterKeys::load_or_create_key_file(&path).expect_err("no key");
            assert!(error.to_string().contains(told), "{error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_is_private_and_one_that_others_may_touch_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        MasterKeys::load_or_create_key_file(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        for mode in [0o640, 0o604, 0o620, 0o644, 0o666] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = MasterKeys::load_or_create_key_file(&path).expect_err("it is exposed");
            assert!(matches!(error, KeyError::Exposed { .. }));
            assert!(error.to_string().contains("chmod 600"));
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        assert!(MasterKeys::load_or_create_key_file(&path).is_ok());
    }

    #[cfg(unix)]
    fn make_private(path: &Path) {
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    }

    #[cfg(not(unix))]
    fn make_private(_: &Path) {}
}
