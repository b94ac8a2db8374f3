//! Makes the folder that the settings UI is built into, so that a fresh checkout compiles before the UI is built, and
//! has the program rebuilt when the UI was.

fn main() {
    let dist = std::path::Path::new("../../www/dist");
    // Where the folder cannot be made, a page that says how to build the UI is served in its place.
    let _ = std::fs::create_dir_all(dist);
    println!("cargo:rerun-if-changed={}", dist.display());
}
