//! Tells what to do when the browser assets that the router embeds are not there.

use std::path::Path;

fn main() {
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../node_modules");
    for package in ["graphiql", "swagger-ui-dist"] {
        let assets = packages.join(package);
        println!("cargo:rerun-if-changed={}", assets.display());
        assert!(
            assets.exists(),
            "the browser assets are missing: run bin/assets at the root of the repository"
        );
    }
}
