//! What `@cost` and `@listSize` of a supergraph say.

use std::collections::HashMap;

use apollo_compiler::{
    Node, Schema,
    ast::{
        Definition, Directive, DirectiveList, Document, FieldDefinition, InputValueDefinition,
        Value,
    },
    parser::Parser,
    schema::ExtendedType,
};

/// How the specification of both directives is named where a schema links it.
const SPECIFICATION: &str = "/cost/v";

/// The weights of a supergraph's types, fields and arguments. All are empty for a supergraph that
/// neither uses the directives nor has Relay connections.
#[derive(Debug, Default)]
pub(crate) struct Weights {
    types: HashMap<String, f64>,
    fields: HashMap<String, HashMap<String, FieldWeights>>,
}

#[derive(Debug, Default)]
pub(super) struct FieldWeights {
    pub(super) own: Option<f64>,
    pub(super) arguments: HashMap<String, f64>,
    pub(super) list_size: Option<ListSize>,
}

/// `@listSize`
#[derive(Debug, Default)]
pub(super) struct ListSize {
    pub(super) assumed: Option<f64>,
    /// Arguments that bound the list; a dot leads into an input object.
    pub(super) slicing_arguments: Vec<String>,
    /// The fields of the answer that are the list, when it is not the answer itself.
    pub(super) sized_fields: Vec<String>,
    /// Whether an operation must give exactly one of the slicing arguments.
    pub(super) require_one: bool,
}

impl Weights {
    /// Reads them, and how long Relay connections are, from a supergraph's SDL, of which `api_schema` is the API schema.
    pub(crate) fn read(sdl: &str, api_schema: &Schema) -> Self {
        // what cannot be parsed is refused before
        let document = Parser::new()
            .parse_ast(sdl, "supergraph.graphql")
            .unwrap_or_else(|failed| failed.partial);
        let mut reader = Reader {
            names: Names::linked_by(&document),
            weights: Self::default(),
        };
        for definition in &document.definitions {
            reader.definition(definition);
        }
        let mut weights = reader.weights;
        weights.weigh_abstract_types(api_schema);
        weights
    }

    /// The weight of one value of the type `name`.
    pub(super) fn of_type(&self, name: &str, schema: &Schema) -> f64 {
        self.types.get(name).copied().unwrap_or_else(|| {
            let definition = schema.types.get(name);
            f64::from(definition.is_some_and(is_composite))
        })
    }

    pub(super) fn of_field(&self, type_name: &str, field: &str) -> Option<&FieldWeights> {
        self.fields.get(type_name)?.get(field)
    }

    /// A value of an abstract type weighs as much as the heaviest that it may be.
    fn weigh_abstract_types(&mut self, schema: &Schema) {
        let implementers = schema.implementers_map();
        for (name, definition) in &schema.types {
            let members: Vec<_> = match definition {
                ExtendedType::Union(union_) => {
                    union_.members.iter().map(|member| &member.name).collect()
                }
                ExtendedType::Interface(_) => implementers
                    .get(name)
                    .map(|implementers| implementers.objects.iter().collect())
                    .unwrap_or_default(),
                _ => continue,
            };
            let heaviest = members
                .into_iter()
                .map(|member| self.of_type(member, schema))
                .reduce(f64::max);
            if let Some(heaviest) = heaviest {
                self.types.entry(name.to_string()).or_insert(heaviest);
            }
        }
    }
}

fn is_composite(definition: &ExtendedType) -> bool {
    definition.is_object() || definition.is_interface() || definition.is_union()
}

/// What the directives are called in one document.
struct Names {
    cost: Vec<String>,
    list_size: Vec<String>,
}

impl Names {
    /// Besides what the links import: composers leave imports out, or the prefix.
    fn linked_by(document: &Document) -> Self {
        let mut names = Self {
            cost: vec!["cost".to_owned()],
            list_size: vec!["listSize".to_owned()],
        };
        let links = document
            .definitions
            .iter()
            .flat_map(|definition| definition.directives().iter())
            .filter(|directive| {
                directive.name == "link"
                    && text(directive, "url").is_some_and(|url| url.contains(SPECIFICATION))
            });
        for link in links {
            let prefix = text(link, "as").unwrap_or("cost");
            names.cost.push(format!("{prefix}__cost"));
            names.list_size.push(format!("{prefix}__listSize"));
            for import in list(link, "import") {
                let Value::Object(import) = import.as_ref() else {
                    continue;
                };
                let part = |key: &str| {
                    let (_, value) = import.iter().find(|(name, _)| name == key)?;
                    value.as_str()?.strip_prefix('@').map(str::to_owned)
                };
                match (part("name").as_deref(), part("as")) {
                    (Some("cost"), Some(name)) => names.cost.push(name),
                    (Some("listSize"), Some(name)) => names.list_size.push(name),
                    _ => {}
                }
            }
        }
        names
    }
}

struct Reader {
    names: Names,
    weights: Weights,
}

impl Reader {
    fn definition(&mut self, definition: &Definition) {
        let Some(name) = definition.name() else {
            return;
        };
        if !matches!(definition, Definition::DirectiveDefinition(_))
            && let Some(weight) = self.weight(definition.directives())
        {
            self.weights.types.insert(name.to_string(), weight);
        }
        let fields: HashMap<_, _> = match definition {
            Definition::ObjectTypeDefinition(object) => self.fields(&object.fields),
            Definition::InterfaceTypeDefinition(interface) => self.fields(&interface.fields),
            Definition::InputObjectTypeDefinition(input) => self.input_fields(&input.fields),
            _ => return,
        };
        if !fields.is_empty() {
            self.weights.fields.insert(name.to_string(), fields);
        }
    }

    fn fields(&self, fields: &[Node<FieldDefinition>]) -> HashMap<String, FieldWeights> {
        let weighed = fields.iter().filter_map(|field| {
            let weights = FieldWeights {
                own: self.weight(&field.directives),
                arguments: self.arguments(&field.arguments),
                list_size: self
                    .list_size(&field.directives)
                    .or_else(|| connection(field)),
            };
            let is_told = weights.own.is_some()
                || !weights.arguments.is_empty()
                || weights.list_size.is_some();
            is_told.then(|| (field.name.to_string(), weights))
        });
        weighed.collect()
    }

    fn input_fields(&self, fields: &[Node<InputValueDefinition>]) -> HashMap<String, FieldWeights> {
        let weights = |own| FieldWeights {
            own: Some(own),
            ..FieldWeights::default()
        };
        self.arguments(fields)
            .into_iter()
            .map(|(name, weight)| (name, weights(weight)))
            .collect()
    }

    fn arguments(&self, arguments: &[Node<InputValueDefinition>]) -> HashMap<String, f64> {
        let weighed = arguments.iter().filter_map(|argument| {
            Some((
                argument.name.to_string(),
                self.weight(&argument.directives)?,
            ))
        });
        weighed.collect()
    }

    fn weight(&self, directives: &DirectiveList) -> Option<f64> {
        let weight = find(directives, &self.names.cost)?;
        let weight = weight.specified_argument_by_name("weight")?;
        // the specification writes a string, Federation a number
        match weight.as_str() {
            Some(weight) => weight.parse().ok(),
            None => weight.to_f64(),
        }
    }

    fn list_size(&self, directives: &DirectiveList) -> Option<ListSize> {
        let directive = find(directives, &self.names.list_size)?;
        let assumed = directive.specified_argument_by_name("assumedSize");
        let names = |argument| {
            let values = list(directive, argument).iter();
            values
                .filter_map(|value| value.as_str().map(str::to_owned))
                .collect()
        };
        Some(ListSize {
            assumed: assumed.and_then(|size| size.to_f64()),
            slicing_arguments: names("slicingArguments"),
            sized_fields: names("sizedFields"),
            require_one: directive
                .specified_argument_by_name("requireOneSlicingArgument")
                .and_then(|value| value.to_bool())
                .unwrap_or(true),
        })
    }
}

/// A Relay connection is as long as `first` or `last` says, also where no directive repeats it.
fn connection(field: &FieldDefinition) -> Option<ListSize> {
    let is_connection = field.ty.inner_named_type().ends_with("Connection");
    let arguments = field.arguments.iter().map(|argument| &argument.name);
    let slicing = arguments.filter(|name| matches!(name.as_str(), "first" | "last"));
    let slicing_arguments: Vec<_> = slicing.map(ToString::to_string).collect();
    (is_connection && !slicing_arguments.is_empty()).then(|| ListSize {
        assumed: None,
        slicing_arguments,
        sized_fields: vec!["edges".to_owned(), "nodes".to_owned()],
        require_one: false,
    })
}

fn find<'d>(directives: &'d DirectiveList, names: &[String]) -> Option<&'d Node<Directive>> {
    let mut directives = directives.iter();
    directives.find(|directive| names.iter().any(|name| directive.name == name.as_str()))
}

fn text<'d>(directive: &'d Directive, argument: &str) -> Option<&'d str> {
    directive.specified_argument_by_name(argument)?.as_str()
}

fn list<'d>(directive: &'d Directive, argument: &str) -> &'d [Node<Value>] {
    directive
        .specified_argument_by_name(argument)
        .and_then(|value| value.as_list())
        .unwrap_or_default()
}
