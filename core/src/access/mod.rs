//! Who may see what.

mod visibility;

#[cfg(test)]
mod visibility_tests;

pub use visibility::resolve_visibility;
