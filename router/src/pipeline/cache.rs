//! What was prepared, kept twice: by the text that asked for it and by what the text means. A text
//! that comes again is found without a look into it; one that only differs in how it is written
//! is parsed and checked, and not planned again.

use std::sync::{Arc, atomic::Ordering};

use quick_cache::{Weighter, sync::Cache};

use crate::supergraph::{Access, Share};

use super::Prepared;

pub(super) struct Plans {
    by_text: Cache<Text, Arc<Prepared>, Bytes>,
    by_meaning: Cache<Meaning, Arc<Prepared>, Bytes>,
}

/// An operation as it was sent. The whole text: two are never taken for each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Text {
    pub(super) query: Arc<str>,
    pub(super) operation_name: Option<String>,
    pub(super) access: Access,
    pub(super) share: Share,
}

/// What an operation means to callers with some access, in some share of the requests; whole too.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Meaning {
    pub(super) normal_form: Arc<str>,
    pub(super) access: Access,
    pub(super) share: Share,
}

/// What is kept of an operation grows with its document.
#[derive(Clone)]
struct Bytes;

impl Weighter<Text, Arc<Prepared>> for Bytes {
    fn weight(&self, text: &Text, _: &Arc<Prepared>) -> u64 {
        text.query.len().max(100) as u64
    }
}

impl Weighter<Meaning, Arc<Prepared>> for Bytes {
    fn weight(&self, meaning: &Meaning, _: &Arc<Prepared>) -> u64 {
        meaning.normal_form.len().max(100) as u64
    }
}

impl Plans {
    /// Keeps `bytes` of texts, and as many of normal forms.
    pub(super) fn new(bytes: usize) -> Self {
        Self {
            by_text: Cache::with_weighter(bytes / 500, bytes as u64, Bytes),
            by_meaning: Cache::with_weighter(bytes / 500, bytes as u64, Bytes),
        }
    }

    /// What `text` was prepared to.
    pub(super) fn recall(&self, text: &Text) -> Option<Arc<Prepared>> {
        let prepared = self.by_text.get(text)?;
        prepared.count_use();
        Some(prepared)
    }

    /// What `text` is prepared to by `prepare`, which runs once for those who ask at once.
    pub(super) async fn of_text<E>(
        &self,
        text: &Text,
        prepare: impl Future<Output = Result<Arc<Prepared>, E>>,
    ) -> Result<Arc<Prepared>, E> {
        self.by_text.get_or_insert_async(text, prepare).await
    }

    /// What has the same `meaning`, or what `prepare` makes of it; and whether it was there. Waits
    /// for whoever prepares the same now.
    pub(super) fn of_meaning<E>(
        &self,
        meaning: &Meaning,
        prepare: impl FnOnce() -> Result<Prepared, E>,
    ) -> Result<(Arc<Prepared>, bool), E> {
        let mut is_known = true;
        let prepared = self.by_meaning.get_or_insert_with(meaning, || {
            is_known = false;
            prepare().map(Arc::new)
        })?;
        if is_known {
            prepared.count_use();
        }
        Ok((prepared, is_known))
    }

    /// For each meaning one text, those first that were recalled most often.
    pub(super) fn most_used(&self, count: usize) -> Vec<Text> {
        let prepared = self.by_meaning.iter().map(|(_, prepared)| prepared);
        let mut prepared: Vec<_> = prepared
            .map(|prepared| (prepared.uses.load(Ordering::Relaxed), prepared))
            .collect();
        prepared.sort_unstable_by_key(|(uses, _)| std::cmp::Reverse(*uses));
        let texts = prepared.into_iter().map(|(_, it)| it.text.clone());
        texts.take(count).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        Claims, Limits,
        config::Subgraphs,
        graph::GraphRequest,
        pipeline::Pipeline,
        supergraph::{SubgraphSchema, Supergraph, compose},
    };

    const SDL: &str = r#"
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@authenticated"])
        type Query { me: User secret: String @authenticated }
        type User { id: ID name: String }
    "#;

    fn pipeline(limits: Limits) -> Arc<Pipeline> {
        let subgraph = SubgraphSchema {
            name: "users".to_owned(),
            routing_url: "http://users/graphql".to_owned(),
            sdl: SDL.to_owned(),
        };
        let supergraph = compose(&[subgraph]).unwrap();
        let supergraph = Supergraph::new(&supergraph, &Subgraphs::default()).unwrap();
        Arc::new(Pipeline::new(Arc::new(supergraph), limits, true))
    }

    fn request(query: &str) -> GraphRequest {
        GraphRequest {
            query: query.into(),
            ..GraphRequest::default()
        }
    }

    async fn prepare(pipeline: &Arc<Pipeline>, query: &str) -> Arc<Prepared> {
        let prepared = pipeline.prepare(&request(query)).await;
        prepared.unwrap_or_else(|errors| panic!("{query}: {errors:?}"))
    }

    #[tokio::test]
    async fn texts_that_mean_the_same_share_a_plan() {
        let pipeline = pipeline(Limits::default());
        let one = prepare(&pipeline, "query One { me { id name } }").await;
        for same in [
            "query One { me { id name } }",
            "query Other { me { id, name } } # so many words",
            "{ me { ...F } } fragment F on User { id name }",
        ] {
            let other = prepare(&pipeline, same).await;
            assert_eq!(Arc::ptr_eq(&one, &other), !same.contains("..."), "{same}");
        }
        let other = prepare(&pipeline, "{ me { id other: name } }").await;
        assert!(!Arc::ptr_eq(&one, &other));
        let mut named = request("query A { me { name } } query B { me { id name } }");
        named.operation_name = Some("B".to_owned());
        let named = pipeline.prepare(&named).await.ok().unwrap();
        assert!(Arc::ptr_eq(&one, &named));
    }

    #[tokio::test]
    async fn callers_of_other_access_share_none() {
        let pipeline = pipeline(Limits::default());
        let anonymous = prepare(&pipeline, "{ secret }").await;
        let mut request = request("{ secret } # spoken softly");
        request.claims = Some(Arc::new(Claims(
            json!({ "sub": "u" }).as_object().unwrap().clone(),
        )));
        let known = pipeline.prepare(&request).await.ok().unwrap();
        assert!(!Arc::ptr_eq(&anonymous, &known));
        assert_eq!((anonymous.denied.len(), known.denied.len()), (1, 0));
    }

    #[tokio::test]
    async fn each_text_has_to_keep_the_limits() {
        let limits = Limits {
            max_document_bytes: 20,
            ..Limits::default()
        };
        let pipeline = pipeline(limits);
        prepare(&pipeline, "{ me { id } }").await;
        let long = request("{ me { id } } # and so on");
        let refused = pipeline.prepare(&long).await.err().unwrap();
        assert_eq!(refused[0].code(), "OPERATION_LIMIT_EXCEEDED");
    }

    #[tokio::test]
    async fn a_new_pipeline_begins_with_the_most_used() {
        let old = pipeline(Limits::default());
        for (query, uses) in [
            ("{ me { id } }", 1),
            ("{ me { name } }", 3),
            ("{ me { id name } }", 2),
        ] {
            for number in 0..uses {
                // no text comes twice
                prepare(&old, &format!("{query} # {number}")).await;
            }
        }
        let most_used: Vec<_> = old
            .plans
            .most_used(2)
            .into_iter()
            .map(|it| it.query)
            .collect();
        let expected = ["{ me { name } } # 0", "{ me { id name } } # 0"];
        assert_eq!(
            most_used.iter().map(|it| &**it).collect::<Vec<_>>(),
            expected
        );
        let new = pipeline(Limits::default());
        new.warm_up(&old).await;
        assert_eq!(new.plans.by_meaning.len(), 3);
        assert!(new.plans.by_text.get(&old.plans.most_used(1)[0]).is_some());
    }
}
