//! Has the console's files embedded anew when they change, and when they come to be.

use std::path::Path;

fn main() {
    let page = "../console/dist/index.html";
    // What is watched and not there would have this crate built again every time.
    println!("cargo:rerun-if-changed={}", if Path::new(page).exists() { page } else { "../console" });
}
