use reqwest::{StatusCode, header};
use setwise_e2e::client;

use crate::stack::Shared;

#[tokio::test]
async fn graphiql_is_served_with_all_that_it_loads() {
    let stack = Shared::stack();
    let at = |path: &str| stack.running.router_url.join(path).unwrap();
    let page = client()
        .get(at("/graphql"))
        .header(header::ACCEPT, "text/html")
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    let html = page.text().await.unwrap();
    let assets: Vec<_> = html
        .split('"')
        .filter(|part| part.starts_with("/graphiql/"))
        .collect();
    assert!(assets.contains(&"/graphiql/graphiql.js"), "{html}");
    for asset in assets {
        let loaded = client().get(at(asset)).send().await.unwrap();
        assert_eq!(loaded.status(), StatusCode::OK, "{asset}");
        let media = &loaded.headers()[header::CONTENT_TYPE];
        let expected = match asset.rsplit_once('.') {
            Some((_, "css")) => "text/css",
            _ => "text/javascript",
        };
        assert!(media.to_str().unwrap().starts_with(expected), "{asset}");
    }
}
