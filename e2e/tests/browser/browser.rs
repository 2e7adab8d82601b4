use std::{panic::AssertUnwindSafe, path::PathBuf, process::Stdio, time::Duration};

use fantoccini::{
    Client, ClientBuilder, Locator, elements::Element, error::CmdError, key::Key, wd::Capabilities,
};
use futures_util::FutureExt;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use setwise_testkit::eventually;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(30);
/// A driver that hangs must not hang the test.
const STORY_DEADLINE: Duration = Duration::from_mins(5);

/// How a person looks at the pages.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Part of the screenshots' names.
    pub name: &'static str,
    pub width: u16,
    pub height: u16,
    pub scripts: bool,
    /// The browser's language.
    pub language: &'static str,
    pub dark: bool,
}

impl Look {
    fn is_phone(self) -> bool {
        self.width < 600
    }
}

/// A headless Chromium of its own: own profile, own driver, and no internet.
pub struct Browser {
    client: Client,
    site: String,
    pub look: Look,
    driver: Child,
    driver_address: String,
    _profile: TempDir,
}

impl Browser {
    /// Runs `story` in a new browser, which is closed however it ends.
    pub async fn run(site: &str, look: Look, story: impl AsyncFnOnce(&Browser)) {
        let browser = Self::open(site, look).await;
        let story = timeout(STORY_DEADLINE, story(&browser));
        let outcome = AssertUnwindSafe(story).catch_unwind().await;
        if outcome.is_err() {
            browser.screenshot("failed").await;
            eprintln!("{}: {:?}", look.name, browser.complaints().await);
        }
        browser.close().await;
        match outcome {
            Ok(in_time) => in_time.expect("the story ends in time"),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }

    async fn open(site: &str, look: Look) -> Self {
        let (driver, driver_address) = start_driver().await;
        let profile = tempfile::tempdir().unwrap();
        let capabilities = capabilities(look, &profile);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver_address)
            .await
            .expect("Chromium starts");
        Self {
            client,
            site: site.to_owned(),
            look,
            driver,
            driver_address,
            _profile: profile,
        }
    }

    async fn close(mut self) {
        let closed = timeout(PATIENCE, self.client.close()).await;
        self.driver.kill().await.unwrap();
        closed
            .expect("Chromium ends in time")
            .expect("Chromium ends");
    }

    pub async fn open_page(&self, path: &str) {
        let url = if path.starts_with('/') {
            format!("{}{path}", self.site)
        } else {
            path.to_owned()
        };
        self.client.goto(&url).await.unwrap();
    }

    pub async fn path(&self) -> String {
        self.client.current_url().await.unwrap().path().to_owned()
    }

    /// Waits until the page is `path`, or begins with it when it ends in `*`.
    pub async fn arrives_at(&self, path: &str) {
        let what = format!("the browser to arrive at {path}");
        eventually(&what, PATIENCE, async || {
            let now = self.path().await;
            let there = match path.strip_suffix('*') {
                Some(beginning) => now.starts_with(beginning),
                None => now == path,
            };
            there.then_some(())
        })
        .await;
    }

    pub async fn find(&self, css: &str) -> Element {
        let wait = self.client.wait().at_most(PATIENCE);
        let found = wait.for_element(Locator::Css(css)).await;
        found.unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    /// Waits for `css` on a page that tells that it is being made. Without
    /// scripts the page stays as it is, and its link looks again.
    pub async fn find_once_made(&self, css: &str, look_again: &str) {
        let what = format!("{css} to be made");
        eventually(&what, PATIENCE, async || {
            if self.client.find(Locator::Css(css)).await.is_ok() {
                return Some(());
            }
            if !self.look.scripts
                && let Ok(link) = self.client.find(Locator::Css(look_again)).await
            {
                let _ = link.click().await;
            }
            None
        })
        .await;
    }

    /// Waits until the field `css` holds `value`.
    pub async fn holds(&self, css: &str, value: &str) {
        let what = format!("{css} to hold {value}");
        eventually(&what, PATIENCE, async || {
            let element = self.client.find(Locator::Css(css)).await.ok()?;
            let held = element.prop("value").await.ok()?;
            (held.as_deref() == Some(value)).then_some(())
        })
        .await;
    }

    /// Waits until the text of `css` contains `part`.
    pub async fn shows(&self, css: &str, part: &str) {
        let what = format!("{css} to show {part}");
        eventually(&what, PATIENCE, async || {
            let element = self.client.find(Locator::Css(css)).await.ok()?;
            // Redrawn meanwhile: look again.
            let text = element.text().await.ok()?;
            text.contains(part).then_some(())
        })
        .await;
    }

    pub async fn click(&self, css: &str) {
        let element = self.find(css).await;
        let centre = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        let argument = serde_json::to_value(&element).unwrap();
        self.client.execute(centre, vec![argument]).await.unwrap();
        element
            .click()
            .await
            .unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Waits until every `css` contains `text`, in whatever case, and one is just that.
    pub async fn lists_only(&self, css: &str, text: &str) {
        let what = format!("{css} to list only {text}");
        let part = text.to_lowercase();
        eventually(&what, PATIENCE, async || {
            let texts = self.texts(css).await.ok()?;
            let only = texts
                .iter()
                .all(|other| other.to_lowercase().contains(&part));
            (only && texts.iter().any(|other| other == text)).then_some(())
        })
        .await;
    }

    /// Clicks the button in that one of `css` which shows `text` as its title.
    pub async fn click_beside(&self, css: &str, text: &str) {
        for (index, title) in self
            .texts(&format!("{css} .row-title"))
            .await
            .unwrap()
            .iter()
            .enumerate()
        {
            if title == text {
                return self
                    .click(&format!("{css}:nth-child({}) form button", index + 1))
                    .await;
            }
        }
        panic!("{text} is not among {css}");
    }

    async fn texts(&self, css: &str) -> Result<Vec<String>, CmdError> {
        let mut texts = Vec::new();
        for element in self.client.find_all(Locator::Css(css)).await? {
            texts.push(element.text().await?);
        }
        Ok(texts)
    }

    /// Replaces what is in a field.
    pub async fn fill(&self, css: &str, text: &str) {
        let element = self.find(css).await;
        element.clear().await.unwrap();
        element.send_keys(text).await.unwrap();
    }

    /// Clicks the link that shows `text`.
    pub async fn follow(&self, text: &str) {
        let wait = self.client.wait().at_most(PATIENCE);
        let link = wait.for_element(Locator::LinkText(text)).await;
        let link = link.unwrap_or_else(|error| panic!("{text}: {error}"));
        link.click().await.unwrap();
    }

    /// Replaces what is in a code editor, as pasting does.
    pub async fn paste(&self, css: &str, text: &str) {
        self.click(css).await;
        let all = format!("{}a{}", char::from(Key::Control), char::from(Key::Null));
        let editor = self.client.active_element().await.unwrap();
        editor.send_keys(&all).await.unwrap();
        let insert = "document.execCommand('insertText', false, arguments[0])";
        let arguments = vec![json!(text)];
        self.client.execute(insert, arguments).await.unwrap();
    }

    pub async fn choose_file(&self, css: &str, path: &str) {
        let path = std::fs::canonicalize(path).unwrap();
        let path = path.to_str().unwrap();
        self.find(css).await.send_keys(path).await.unwrap();
    }

    pub async fn run_script(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// No page may be wider than the screen.
    pub async fn fits(&self) {
        let width = self
            .run_script("return document.documentElement.scrollWidth")
            .await;
        let path = self.path().await;
        assert!(
            width.as_u64().unwrap() <= u64::from(self.look.width),
            "{path} is {width} wide on a screen of {}",
            self.look.width
        );
    }

    /// What the browser complained of: blocked by the policy, broken scripts. A status that
    /// stands for a refused form or sign-in is none of that.
    pub async fn complaints(&self) -> Vec<String> {
        let session = self.client.session_id().await.unwrap().unwrap();
        let url = format!("{}/session/{session}/se/log", self.driver_address);
        let request = reqwest::Client::builder()
            .timeout(PATIENCE)
            .build()
            .unwrap()
            .post(url);
        let answer = request
            .json(&json!({ "type": "browser" }))
            .send()
            .await
            .unwrap();
        let answer: Value = answer.json().await.unwrap();
        let entries = answer["value"].as_array().unwrap().iter();
        let severe = entries.filter(|entry| entry["level"] == "SEVERE");
        let texts = severe.map(|entry| entry["message"].as_str().unwrap().to_owned());
        texts.filter(|text| !text.contains("status of 4")).collect()
    }

    /// Takes a picture, and checks that the page fits.
    pub async fn picture(&self, name: &str) {
        self.fits().await;
        self.screenshot(name).await;
    }

    async fn screenshot(&self, name: &str) {
        let Ok(Ok(png)) = timeout(PATIENCE, self.client.screenshot()).await else {
            return;
        };
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("{}-{name}.png", self.look.name));
        std::fs::write(file, png).unwrap();
    }
}

/// A driver on a port that it finds itself; its address.
async fn start_driver() -> (Child, String) {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("chromedriver: install the package chromium-driver");
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        let said = line.split("successfully on port ").nth(1);
        if let Some(port) = said {
            let port = port.trim_end_matches('.');
            return (driver, format!("http://127.0.0.1:{port}"));
        }
    }
    panic!("chromedriver ended before it told its port");
}

fn capabilities(look: Look, profile: &TempDir) -> Capabilities {
    let profile = format!("--user-data-dir={}", profile.path().display());
    let mut arguments = vec![
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--hide-scrollbars",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        &profile,
    ];
    if look.dark {
        arguments.push("--blink-settings=preferredColorScheme=0");
    }
    let scripts = if look.scripts { 1 } else { 2 };
    let metrics = json!({
        "width": look.width,
        "height": look.height,
        "pixelRatio": 2.0,
        "mobile": look.is_phone(),
        // A tap never ends on a page that runs no scripts; a click does.
        "touch": look.is_phone() && look.scripts,
    });
    let options = json!({
        "args": arguments,
        "mobileEmulation": { "deviceMetrics": metrics },
        "prefs": {
            "intl.accept_languages": look.language,
            "profile.managed_default_content_settings.javascript": scripts,
        },
    });
    let mut capabilities = Capabilities::new();
    capabilities.insert("browserName".into(), json!("chrome"));
    capabilities.insert("goog:chromeOptions".into(), options);
    capabilities.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
    capabilities
}
