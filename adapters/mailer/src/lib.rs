//! Mail to members: written into a folder, which is how hubchat begins, or handed to a server by SMTP.
//!
//! A mail's link lets whoever has it in: nothing here logs one, nor an address.

mod compose;
mod file_mailer;
mod smtp_mailer;

pub use compose::{InvalidSender, SenderAddress};
pub use file_mailer::FileMailer;
pub use smtp_mailer::{SmtpMailer, SmtpSetupError};
