use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use crate::repo;

/// The secrets of a fresh installation, in a folder of their own.
pub(crate) struct Secrets(TempDir);

impl Secrets {
    pub(crate) fn make() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("deploy")).unwrap();
        let script = folder.path().join("deploy/make-secrets");
        fs::copy(repo("deploy/make-secrets"), script).unwrap();
        let secrets = Self(folder);
        secrets.run();
        secrets
    }

    /// What the script says.
    fn run(&self) -> String {
        let output = Command::new(self.path("deploy/make-secrets"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let entries = fs::read_dir(self.path("deploy/secrets")).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect()
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn secrets_are_made_once_for_their_owner_alone() {
    let secrets = Secrets::make();
    let files = secrets.files();
    assert_eq!(files.len(), 8);
    assert_eq!(mode(&secrets.path("deploy/secrets")), 0o700);
    for path in files.keys() {
        assert_eq!(mode(path), 0o600, "{}", path.display());
    }
    let said = secrets.run();
    assert_eq!(said, "", "a second run has nothing to do");
    assert_eq!(secrets.files(), files);
    assert_ne!(
        Secrets::make().files().values().next(),
        files.values().next()
    );
}

#[test]
fn the_roles_have_the_passwords_that_their_services_use() {
    let secrets = Secrets::make();
    let read = |name: &str| fs::read_to_string(secrets.path(name)).unwrap();
    let db = read("deploy/secrets/db.env");
    for role in ["users", "training", "files"] {
        let name = format!("{}_PASSWORD=", role.to_uppercase());
        let password = db
            .lines()
            .find_map(|line| line.strip_prefix(&name))
            .unwrap();
        assert_eq!(password.len(), 48);
        let url = read(&format!("deploy/secrets/{role}.env"));
        let expected = format!("DATABASE_URL=postgres://{role}:{password}@db:5432/setwise\n");
        assert!(url == expected, "{role}");
    }
    assert!(read(".env").starts_with("SETWISE_UID="));
}
