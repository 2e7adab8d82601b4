//! What the subgraphs know: six users, nine products, eighteen reviews.

use std::collections::HashMap;

/// Position of a node in its graph.
pub(crate) type NodeId = usize;

/// The objects of one subgraph.
#[derive(Default)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
    /// By type and key.
    entities: HashMap<(&'static str, String), NodeId>,
    /// The fields of `Query`.
    root: HashMap<&'static str, Vec<NodeId>>,
}

pub(crate) struct Node {
    pub(crate) type_name: &'static str,
    pub(crate) fields: HashMap<&'static str, Field>,
}

pub(crate) enum Field {
    /// As JSON.
    Scalar(String),
    One(NodeId),
    Many(Vec<NodeId>),
    /// Computed from the representation's price and weight.
    ShippingEstimate,
}

const NAMES: [&str; 6] = [
    "Uri Goldshtein",
    "Ada Lovelace",
    "Grace Hopper",
    "Alan Turing",
    "Barbara Liskov",
    "Edsger Dijkstra",
];
const WARES: [&str; 9] = [
    "Table", "Couch", "Chair", "Lamp", "Shelf", "Desk", "Stool", "Mirror", "Carpet",
];
const BODIES: [&str; 3] = [
    "Love it! I would buy it again, and so would everyone whom I showed it to.",
    "Too expensive for what it is, but it arrived on the day that was promised.",
    "Could be better: one screw was missing, and the manual is in no language I know.",
];
const REVIEWS: usize = 18;

impl Graph {
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }

    pub(crate) fn entity(&self, type_name: &str, key: &str) -> Option<NodeId> {
        let (&(name, _), _) = self
            .entities
            .iter()
            .find(|((name, _), _)| *name == type_name)?;
        self.entities.get(&(name, key.to_owned())).copied()
    }

    pub(crate) fn root(&self, field: &str) -> Option<&[NodeId]> {
        self.root.get(field).map(Vec::as_slice)
    }

    fn add(
        &mut self,
        type_name: &'static str,
        key: usize,
        fields: Vec<(&'static str, Field)>,
    ) -> NodeId {
        let id = self.nodes.len();
        self.entities.insert((type_name, key.to_string()), id);
        self.nodes.push(Node {
            type_name,
            fields: fields.into_iter().collect(),
        });
        id
    }

    fn set(&mut self, id: NodeId, field: &'static str, value: Field) {
        self.nodes[id].fields.insert(field, value);
    }
}

pub(crate) fn users() -> Graph {
    let mut graph = Graph::default();
    let ids = NAMES.iter().enumerate().map(|(index, name)| {
        let username = name.to_lowercase().replace(' ', ".");
        let fields = vec![
            ("id", key(index)),
            ("name", string(name)),
            ("username", string(&username)),
            ("birthday", string(&format!("19{:02}-02-28", 40 + index))),
        ];
        graph.add("User", index, fields)
    });
    let ids = ids.collect();
    graph.root.insert("users", ids);
    graph
}

pub(crate) fn products() -> Graph {
    let mut graph = Graph::default();
    let ids: Vec<_> = WARES
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let fields = vec![
                ("upc", key(index)),
                ("name", string(name)),
                ("price", Field::Scalar((199 + 350 * index).to_string())),
                ("weight", Field::Scalar((100 + 90 * index).to_string())),
            ];
            graph.add("Product", index, fields)
        })
        .collect();
    graph.root.insert("topProducts", ids[..5].to_vec());
    graph
}

pub(crate) fn reviews() -> Graph {
    let mut graph = Graph::default();
    let users: Vec<_> = (0..NAMES.len())
        .map(|index| graph.add("User", index, vec![("id", key(index))]))
        .collect();
    let products: Vec<_> = (0..WARES.len())
        .map(|index| graph.add("Product", index, vec![("upc", key(index))]))
        .collect();
    let mut by_user = vec![Vec::new(); users.len()];
    let mut by_product = vec![Vec::new(); products.len()];
    for index in 0..REVIEWS {
        let (user, product) = (index * 5 % users.len(), index * 7 % products.len());
        let fields = vec![
            ("id", key(index)),
            ("body", string(BODIES[index % BODIES.len()])),
            ("author", Field::One(users[user])),
            ("product", Field::One(products[product])),
        ];
        let review = graph.add("Review", index, fields);
        by_user[user].push(review);
        by_product[product].push(review);
    }
    for (node, reviews) in users
        .into_iter()
        .zip(by_user)
        .chain(products.into_iter().zip(by_product))
    {
        graph.set(node, "reviews", Field::Many(reviews));
    }
    graph
}

pub(crate) fn inventory() -> Graph {
    let mut graph = Graph::default();
    for index in 0..WARES.len() {
        let fields = vec![
            ("upc", key(index)),
            ("inStock", Field::Scalar((index % 3 != 0).to_string())),
            ("shippingEstimate", Field::ShippingEstimate),
        ];
        graph.add("Product", index, fields);
    }
    graph
}

fn key(index: usize) -> Field {
    string(&index.to_string())
}

fn string(text: &str) -> Field {
    Field::Scalar(serde_json::Value::from(text).to_string())
}
