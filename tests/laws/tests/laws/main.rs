//! The laws of the tree, one file a subject.

mod dependencies;
mod documents;
mod lockfile;
mod manifests;
mod paths;
mod problems;
mod sources;
mod statements;
