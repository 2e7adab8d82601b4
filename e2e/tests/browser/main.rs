//! The story as a person plays it: in a real browser, on a phone's screen, with scripts and
//! without, in both languages, against the whole of Setwise.
//!
//! Needs `chromedriver` and Chromium, as Debian packages them. Screenshots lie in
//! `$CARGO_TARGET_DIR/tmp/screenshots`.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test fails the test by panicking"
)]

mod browser;
mod story;
