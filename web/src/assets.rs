//! Styles, scripts, fonts and icons, embedded and served by us under names
//! that change with their content, so that browsers keep them for good.

use std::sync::LazyLock;

use axum::{
    Json, Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{StatusCode, header};
use serde_json::json;
use setwise_service::Locale;
use sha2::{Digest, Sha256};

use crate::page::Page;

struct Asset {
    name: &'static str,
    content_type: &'static str,
    bytes: &'static [u8],
    url: String,
}

macro_rules! npm {
    ($path:literal) => {
        include_bytes!(concat!("../../node_modules/", $path))
    };
}

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const FONT: &str = "font/woff2";

static FILES: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    vec![
        asset("app.css", CSS, include_bytes!("../assets/app.css")),
        asset("app.js", JS, include_bytes!("../assets/app.js")),
        asset("htmx.js", JS, npm!("htmx.org/dist/htmx.min.js")),
        asset(
            "icon.svg",
            "image/svg+xml",
            include_bytes!("../assets/icon.svg"),
        ),
        asset(
            "icon.png",
            "image/png",
            include_bytes!("../assets/icon.png"),
        ),
        asset(
            "latin.woff2",
            FONT,
            npm!("@fontsource-variable/onest/files/onest-latin-wght-normal.woff2"),
        ),
        asset(
            "cyrillic.woff2",
            FONT,
            npm!("@fontsource-variable/onest/files/onest-cyrillic-wght-normal.woff2"),
        ),
    ]
});

/// Names the fonts by their hashed addresses, so it is made at start.
static FONT_FACES: LazyLock<Asset> = LazyLock::new(|| {
    let face = |name, range| {
        let url = find(name).map_or("", |file| &file.url);
        format!(
            "@font-face{{font-family:Onest;font-weight:100 900;font-display:swap;\
             src:url({url}) format('woff2');unicode-range:{range}}}\n"
        )
    };
    let latin = face(
        "latin.woff2",
        "U+0000-00FF,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215",
    );
    let cyrillic = face(
        "cyrillic.woff2",
        "U+0301,U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116",
    );
    let css = String::leak(latin + &cyrillic);
    asset("fonts.css", CSS, css.as_bytes())
});

fn asset(name: &'static str, content_type: &'static str, bytes: &'static [u8]) -> Asset {
    let hash = BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(bytes)[..12]);
    Asset {
        name,
        content_type,
        bytes,
        url: format!("/assets/{hash}/{name}"),
    }
}

fn find(name: &str) -> Option<&'static Asset> {
    if name == "fonts.css" {
        return Some(&FONT_FACES);
    }
    FILES.iter().find(|file| file.name == name)
}

/// The address of an asset; its content never changes.
pub(crate) fn url(name: &str) -> &'static str {
    find(name).map_or("", |file| &file.url)
}

/// The fonts that a page in `locale` certainly needs.
pub(crate) fn fonts_of(locale: Locale) -> &'static [&'static str] {
    static LATIN: LazyLock<[&str; 1]> = LazyLock::new(|| [url("latin.woff2")]);
    static BOTH: LazyLock<[&str; 2]> =
        LazyLock::new(|| [url("latin.woff2"), url("cyrillic.woff2")]);
    match locale {
        Locale::En => &*LATIN,
        Locale::Ru => &*BOTH,
    }
}

/// Without cookies and sessions: these are the same for everybody.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/assets/{hash}/{name}", get(hashed))
        .route("/favicon.ico", get(async || serve("icon.svg", "public, max-age=86400")))
        .route("/robots.txt", get(async || "User-agent: *\nDisallow: /workouts\nDisallow: /routines\nDisallow: /profile\n"))
}

async fn hashed(Path((hash, name)): Path<(String, String)>) -> Response {
    match find(&name) {
        Some(file) if file.url.contains(&format!("/{hash}/")) => {
            serve(&name, "public, max-age=31536000, immutable")
        }
        // A page of an older or newer version: right content, not for good.
        Some(_) => serve(&name, "no-cache"),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn serve(name: &str, cache: &'static str) -> Response {
    let Some(file) = find(name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, file.content_type),
        (header::CACHE_CONTROL, cache),
    ];
    (headers, file.bytes).into_response()
}

/// Lets a phone put Setwise on its home screen.
pub(crate) async fn manifest(page: Page) -> Response {
    let manifest = json!({
        "name": "Setwise",
        "short_name": "Setwise",
        "description": page.t("site-description"),
        "lang": page.locale.tag(),
        "id": "/",
        "start_url": "/",
        "display": "standalone",
        "background_color": "#faf7f2",
        "theme_color": "#d5430f",
        "icons": [
            { "src": url("icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any" },
            { "src": url("icon.png"), "sizes": "512x512", "type": "image/png", "purpose": "any maskable" },
        ],
    });
    let headers = [
        (header::CONTENT_TYPE, "application/manifest+json"),
        (header::CACHE_CONTROL, "private, no-cache"),
    ];
    (headers, Json(manifest).into_response().into_body()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_asset_is_kept_for_good_under_its_hash_only() {
        let hash = url("app.css").split('/').nth(2).unwrap();
        let cache = async |hash: &str, name: &str| {
            let response = hashed(Path((hash.into(), name.into()))).await;
            let value = response.headers().get(header::CACHE_CONTROL);
            (
                response.status(),
                value.map(|value| value.to_str().unwrap().to_owned()),
            )
        };
        assert_eq!(
            cache(hash, "app.css").await.1.unwrap(),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(cache("older", "app.css").await.1.unwrap(), "no-cache");
        assert_eq!(cache(hash, "nothing.css").await.0, StatusCode::NOT_FOUND);
    }

    #[test]
    fn the_font_styles_name_fonts_that_exist() {
        let css = std::str::from_utf8(FONT_FACES.bytes).unwrap();
        assert!(css.contains(url("latin.woff2")));
        assert!(css.contains(url("cyrillic.woff2")));
    }
}
