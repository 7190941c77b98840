//! The arrows and habits that the whole tree keeps.
//!
//! Each law is a test under `tests/laws`; it reads the manifests and the source text as they lie in the
//! checkout, never a compiled crate of this workspace, so that it judges also a tree that does not build.
//! A law that fails says what to do. This crate holds what the laws share: the table of rooms, a reader of
//! the tree, and a scanner that tells Rust code from its comments and string literals.

mod rooms;
mod rust_text;
mod tree;
mod verdict;

pub use rooms::{ROOMS, Room, ThirdParty, room_of};
pub use rust_text::{Literal, RustText};
pub use tree::{Edge, Package, SourceFile, Tree};
pub use verdict::{Broken, Verdict, demand, verdict};
