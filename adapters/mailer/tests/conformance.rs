//! The promises of the mailer port, kept by a folder and by SMTP.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use base64::Engine as _;
use hubchat_conformance::{DeliveredMail, MailerHarness};
use hubchat_mailer::{FileMailer, SenderAddress, SmtpMailer};
use hubchat_ports::{Mail, MailError, Mailer};
use secrecy::SecretString;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

fn from() -> SenderAddress {
    "hubchat <no-reply@chat.example.com>".parse().unwrap()
}

/// Takes a mail apart: its header lines, unfolded, and its text, decoded.
fn read(to: Option<String>, raw: &str) -> DeliveredMail {
    let (head, body) = raw.split_once("\r\n\r\n").unwrap();
    let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let headers: Vec<String> = head.lines().map(str::to_owned).collect();
    let field = |name: &str| headers.iter().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
    let text = match field("Content-Transfer-Encoding:") {
        "base64" => {
            let letters: String = body.split_whitespace().collect();
            let bytes = base64::engine::general_purpose::STANDARD.decode(letters).unwrap();
            String::from_utf8(bytes).unwrap()
        }
        "quoted-printable" => unquote(body),
        "7bit" | "8bit" | "" => body.to_owned(),
        other => panic!("{other}"),
    };
    let to = to.unwrap_or_else(|| field("To:").to_owned());
    DeliveredMail { to, headers, text }
}

/// RFC 2045, section 6.7.
fn unquote(body: &str) -> String {
    let body = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = body.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        if *first == b'=' {
            let digits = std::str::from_utf8(&others[..2]).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
            rest = &others[2..];
        } else {
            bytes.push(*first);
            rest = others;
        }
    }
    String::from_utf8(bytes).unwrap()
}

struct Folder {
    mailer: FileMailer,
    folder: tempfile::TempDir,
}

impl Folder {
    fn files(&self) -> Vec<std::path::PathBuf> {
        let Ok(entries) = std::fs::read_dir(self.folder.path().join("mail")) else { return Vec::new() };
        let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }
}

#[async_trait]
impl MailerHarness for Folder {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { mailer: FileMailer::new(folder.path().join("mail"), from()), folder }
    }

    fn mailer(&self) -> &dyn Mailer {
        &self.mailer
    }

    async fn delivered(&self) -> Vec<DeliveredMail> {
        self.files().iter().map(|path| read(None, &std::fs::read_to_string(path).unwrap())).collect()
    }

    async fn stop(self) {}
}

/// A server that takes every mail.
struct Server {
    mailer: SmtpMailer,
    taken: Arc<Mutex<Vec<DeliveredMail>>>,
    task: JoinHandle<()>,
}

async fn converse(stream: TcpStream, taken: Arc<Mutex<Vec<DeliveredMail>>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 test ESMTP\r\n").await?;
    let (mut to, mut line) = (String::new(), String::new());
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let verb = line.trim_end().to_owned();
        let answer = match verb.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-test\r\n250 8BITMIME\r\n",
            "RCPT" => {
                to = verb.trim_start_matches("RCPT TO:<").trim_end_matches('>').to_owned();
                "250 taken\r\n"
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mut mail = String::new();
                while !mail.ends_with("\r\n.\r\n") {
                    assert!(stream.read_line(&mut mail).await? > 0, "the mail broke off");
                }
                let mail = mail.trim_end_matches(".\r\n").replace("\r\n..", "\r\n.");
                taken.lock().unwrap().push(read(Some(to.clone()), &mail));
                "250 kept\r\n"
            }
            "QUIT" => {
                return stream.write_all(b"221 bye\r\n").await;
            }
            _ => "250 fine\r\n",
        };
        stream.write_all(answer.as_bytes()).await?;
    }
}

#[async_trait]
impl MailerHarness for Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = SecretString::from(format!("smtp://{}", listener.local_addr().unwrap()));
        let taken = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&taken);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&kept)));
            }
        });
        Self { mailer: SmtpMailer::new(&url, from()).unwrap(), taken, task }
    }

    fn mailer(&self) -> &dyn Mailer {
        &self.mailer
    }

    async fn delivered(&self) -> Vec<DeliveredMail> {
        self.taken.lock().unwrap().clone()
    }

    async fn stop(self) {
        self.task.abort();
    }
}

mod folder {
    hubchat_conformance::mailer_suite!(super::Folder);
}

mod smtp {
    hubchat_conformance::mailer_suite!(super::Server);
}

fn reset() -> Mail {
    Mail::PasswordReset {
        link: SecretString::from("https://chat.example.com/reset-password#token=canary"),
        expires_at: hubchat_domain::Timestamp::EPOCH,
    }
}

#[cfg(unix)]
#[tokio::test]
async fn files_are_private_and_none_is_overwritten() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::start().await;
    folder.mailer.send("nok@shop.example", &reset()).await.unwrap();
    let another = FileMailer::new(folder.folder.path().join("mail"), from());
    another.send("mali@shop.example", &reset()).await.unwrap();
    let files = folder.files();
    assert_eq!(files.len(), 2);
    for file in files {
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn a_server_that_refuses_or_is_away_is_an_error_that_shows_neither_address_nor_link() {
    let away = SmtpMailer::new(&SecretString::from("smtp://127.0.0.1:1"), from()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://user:canary-password@{}", listener.local_addr().unwrap());
    let refusing = SmtpMailer::new(&SecretString::from(url), from()).unwrap();
    let server = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.write_all(b"554 nok@shop.example is not welcome\r\n").await.unwrap();
        }
    });
    for mailer in [away, refusing] {
        let error = mailer.send("nok@shop.example", &reset()).await.unwrap_err();
        assert!(matches!(error, MailError::Failed(_)));
        let said = format!("{error} {error:?} {mailer:?}");
        assert!(!said.contains("canary") && !said.contains("nok@"), "{said}");
    }
    server.abort();
}

#[test]
fn an_address_of_no_server_is_refused_without_being_repeated() {
    for url in ["", "mail.example.com", "http://user:canary@mail.example.com", "smtp://"] {
        let error = SmtpMailer::new(&SecretString::from(url), from()).unwrap_err();
        assert!(!error.to_string().contains("canary"));
    }
    assert!("not an address".parse::<SenderAddress>().is_err());
}
