//! Reads the checkout: its packages, their arrows, their sources and its text files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use cargo_metadata::{DependencyKind, MetadataCommand};

/// The checkout.
#[derive(Debug)]
pub struct Tree {
    root: PathBuf,
    packages: Vec<Package>,
}

/// One package of the workspace.
#[derive(Debug)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its folder from the root of the checkout, with forward slashes.
    pub folder: String,
    /// What it declares to use, in the order of its manifest.
    pub edges: Vec<Edge>,
}

/// A dependency as a manifest declares it.
#[derive(Debug)]
pub struct Edge {
    /// The name of the package that is used.
    pub to: String,
    /// The folder of that package where it is one of the workspace.
    pub to_folder: Option<String>,
    /// Whether only tests, examples and benchmarks use it.
    pub in_tests: bool,
    /// Whether a feature must ask for it.
    pub optional: bool,
    /// The features that the declaration asks for, those of the workspace table included.
    pub features: Vec<String>,
}

/// A text file of the checkout.
#[derive(Debug)]
pub struct SourceFile {
    /// Its path from the root, with forward slashes.
    pub path: String,
    /// What it holds.
    pub text: String,
}

impl Tree {
    /// Reads the manifests. Asks cargo for nothing that would need the network.
    pub fn read() -> Result<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.ancestors().nth(2).context("the laws lie two folders below the root")?.to_owned();
        let metadata = MetadataCommand::new()
            .manifest_path(root.join("Cargo.toml"))
            .no_deps()
            .other_options(["--offline".to_owned()])
            .exec()
            .context("cargo metadata failed: mend the manifest that it names")?;
        let workspace = metadata.workspace_root.as_std_path();
        let folder_of = |path: &Path| -> Result<String> { Ok(slashes(path.strip_prefix(workspace)?)) };
        let mut folders = BTreeMap::new();
        for package in &metadata.packages {
            let folder = package.manifest_path.parent().context("a manifest lies in a folder")?;
            folders.insert(package.name.to_string(), folder_of(folder.as_std_path())?);
        }
        let mut packages = Vec::new();
        for package in &metadata.packages {
            let edges = package
                .dependencies
                .iter()
                .map(|dependency| Edge {
                    to: dependency.name.clone(),
                    to_folder: folders.get(&dependency.name).cloned(),
                    in_tests: dependency.kind == DependencyKind::Development,
                    optional: dependency.optional,
                    features: dependency.features.clone(),
                })
                .collect();
            let name = package.name.to_string();
            let folder = folders.get(&name).cloned().context("every package has a folder")?;
            packages.push(Package { name, folder, edges });
        }
        ensure!(!packages.is_empty(), "the workspace has no package: the laws look at the wrong folder");
        packages.sort_by(|left, right| left.folder.cmp(&right.folder));
        Ok(Self { root, packages })
    }

    /// The packages of the workspace, by folder.
    pub fn packages(&self) -> &[Package] {
        &self.packages
    }

    /// The absolute path of a file or folder that is named from the root.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// A file of the checkout as text.
    pub fn text(&self, relative: &str) -> Result<String> {
        fs::read_to_string(self.path(relative)).with_context(|| format!("{relative} cannot be read: it must exist"))
    }

    /// The names of the entries of a folder, sorted.
    pub fn entries(&self, relative: &str) -> Result<Vec<String>> {
        let folder = fs::read_dir(self.path(relative))
            .with_context(|| format!("the folder {relative} cannot be read: it must exist"))?;
        let mut names = Vec::new();
        for entry in folder {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    /// Every Rust file under the `src` of every package.
    pub fn sources(&self) -> Result<Vec<SourceFile>> {
        let mut paths = Vec::new();
        for package in &self.packages {
            let src = self.root.join(&package.folder).join("src");
            ensure!(src.is_dir(), "{} has no src folder: give it one", package.folder);
            walk(&src, &mut paths)?;
        }
        let sources = self.load(&paths, |path| path.extension().is_some_and(|ending| ending == "rs"))?;
        ensure!(!sources.is_empty(), "no Rust source was found: the laws look at the wrong folder");
        Ok(sources)
    }

    /// Every text file that belongs to the project: what git keeps or would keep, and in an unpacked archive
    /// everything but what is built.
    pub fn text_files(&self) -> Result<Vec<SourceFile>> {
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(&self.root)
            .output();
        let mut paths = Vec::new();
        match listed {
            Ok(listed) if listed.status.success() && !listed.stdout.is_empty() => {
                let names = String::from_utf8(listed.stdout).context("a file name is not UTF-8: rename it")?;
                paths.extend(names.split_terminator('\0').map(|name| self.root.join(name)));
            }
            _ => walk(&self.root, &mut paths)?,
        }
        paths.retain(|path| path.is_file());
        ensure!(!paths.is_empty(), "the checkout holds no file: the laws look at the wrong folder");
        self.load(&paths, |_| true)
    }

    /// Reads those of the files that are wanted and hold text.
    fn load(&self, paths: &[PathBuf], wanted: impl Fn(&Path) -> bool) -> Result<Vec<SourceFile>> {
        let mut files = Vec::new();
        for path in paths.iter().filter(|path| wanted(path)) {
            let bytes = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
            if let Ok(text) = String::from_utf8(bytes)
                && !text.contains('\0')
            {
                files.push(SourceFile { path: slashes(path.strip_prefix(&self.root)?), text });
            }
        }
        files.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(files)
    }
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() {
            if !matches!(name.as_str(), ".git" | "target" | "data" | "node_modules") || path.join("mod.rs").is_file() {
                walk(&path, found)?;
            }
        } else {
            found.push(path);
        }
    }
    Ok(())
}

fn slashes(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
