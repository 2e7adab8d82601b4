//! How the program asks for memory.

use std::fs;

use crate::support::{Folder, Numbers, Process};

#[cfg(target_os = "linux")]
#[tokio::test]
async fn pages_stay_small() {
    let numbers = Numbers::start().await;
    let folder = Folder::of(&numbers);
    let router = Process::start(&["--supergraph", &folder.text("supergraph.yaml")]).await;
    let status = fs::read_to_string(format!("/proc/{}/status", router.id())).unwrap();
    let huge_pages = status
        .lines()
        .find_map(|line| line.strip_prefix("THP_enabled:"));
    assert_eq!(huge_pages.map(str::trim), Some("0"));
}
