//! A request's body in, the answer's out.

use std::{borrow::Cow, collections::HashMap};

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    data::{self, Graph, Node},
    document::{Documents, Field, Selection},
};

#[derive(Deserialize)]
struct Request<'a> {
    #[serde(borrow)]
    query: Cow<'a, str>,
    #[serde(borrow, default)]
    variables: Option<HashMap<Cow<'a, str>, &'a RawValue>>,
}

#[derive(Deserialize)]
struct Representation<'a> {
    #[serde(borrow, rename = "__typename")]
    type_name: Cow<'a, str>,
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    upc: Option<Cow<'a, str>>,
    price: Option<i64>,
    weight: Option<i64>,
}

pub(crate) fn execute(
    graph: &Graph,
    documents: &Documents,
    body: &[u8],
) -> anyhow::Result<Vec<u8>> {
    let request: Request = serde_json::from_slice(body).context("the body is no request")?;
    let document = documents.get(&request.query)?;
    let mut out = Vec::with_capacity(4096);
    out.extend_from_slice(b"{\"data\":{");
    for (index, selection) in document.iter().enumerate() {
        let Selection::Field(field) = selection else {
            anyhow::bail!("a fragment on the root");
        };
        separate(&mut out, index);
        out.extend_from_slice(field.key_json.as_bytes());
        if field.name == "_entities" {
            entities(graph, &request, field, &mut out)?;
        } else {
            let nodes = graph
                .root(&field.name)
                .with_context(|| format!("no field {}", field.name))?;
            list(graph, nodes, field, &mut out)?;
        }
    }
    out.extend_from_slice(b"}}");
    Ok(out)
}

fn entities(
    graph: &Graph,
    request: &Request,
    field: &Field,
    out: &mut Vec<u8>,
) -> anyhow::Result<()> {
    let variable = field
        .representations
        .as_deref()
        .context("no representations")?;
    let json = request
        .variables
        .as_ref()
        .and_then(|variables| variables.get(variable))
        .context("representations are missing")?;
    let representations: Vec<Representation> = serde_json::from_str(json.get())?;
    out.push(b'[');
    for (index, representation) in representations.iter().enumerate() {
        separate(out, index);
        let key = representation
            .id
            .as_deref()
            .or(representation.upc.as_deref());
        match graph.entity(&representation.type_name, key.context("no key")?) {
            Some(id) => object(
                graph,
                graph.node(id),
                &field.selections,
                Some(representation),
                out,
            )?,
            None => out.extend_from_slice(b"null"),
        }
    }
    out.push(b']');
    Ok(())
}

fn list(
    graph: &Graph,
    nodes: &[data::NodeId],
    field: &Field,
    out: &mut Vec<u8>,
) -> anyhow::Result<()> {
    out.push(b'[');
    for (index, &id) in nodes.iter().enumerate() {
        separate(out, index);
        object(graph, graph.node(id), &field.selections, None, out)?;
    }
    out.push(b']');
    Ok(())
}

fn object(
    graph: &Graph,
    node: &Node,
    selections: &[Selection],
    representation: Option<&Representation>,
    out: &mut Vec<u8>,
) -> anyhow::Result<()> {
    out.push(b'{');
    let start = out.len();
    fields(graph, node, selections, representation, start, out)?;
    out.push(b'}');
    Ok(())
}

fn fields(
    graph: &Graph,
    node: &Node,
    selections: &[Selection],
    representation: Option<&Representation>,
    start: usize,
    out: &mut Vec<u8>,
) -> anyhow::Result<()> {
    for selection in selections {
        let field = match selection {
            Selection::On(type_name, selections) => {
                if type_name == node.type_name {
                    fields(graph, node, selections, representation, start, out)?;
                }
                continue;
            }
            Selection::Field(field) => field,
        };
        if out.len() > start {
            out.push(b',');
        }
        out.extend_from_slice(field.key_json.as_bytes());
        match node.fields.get(field.name.as_str()) {
            Some(data::Field::Scalar(json)) => out.extend_from_slice(json.as_bytes()),
            Some(data::Field::One(id)) => {
                object(graph, graph.node(*id), &field.selections, None, out)?;
            }
            Some(data::Field::Many(ids)) => list(graph, ids, field, out)?,
            Some(data::Field::ShippingEstimate) => {
                let estimate = representation.and_then(shipping_estimate);
                out.extend_from_slice(
                    estimate
                        .context("price and weight are required")?
                        .to_string()
                        .as_bytes(),
                );
            }
            None if field.name == "__typename" => {
                out.push(b'"');
                out.extend_from_slice(node.type_name.as_bytes());
                out.push(b'"');
            }
            None => anyhow::bail!("no field {} on {}", field.name, node.type_name),
        }
    }
    Ok(())
}

/// Dear things are sent for nothing, others by their weight.
fn shipping_estimate(representation: &Representation) -> Option<i64> {
    let (price, weight) = (representation.price?, representation.weight?);
    Some(if price > 1000 { 0 } else { weight / 2 })
}

fn separate(out: &mut Vec<u8>, index: usize) {
    if index > 0 {
        out.push(b',');
    }
}
