//! Subgraphs that answer any field, the same each time: a value is made from its type, its field,
//! the arguments, and the object that it belongs to. So are the faults: which fields fail and which
//! entities a subgraph does not know is the same for whoever asks, in whichever request.

use std::{
    hash::{DefaultHasher, Hash, Hasher as _},
    sync::{Arc, Mutex},
};

use apollo_compiler::{
    ast::Type,
    resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue},
    schema::ExtendedType,
};
use serde_json::Value;

use super::{schema::SubgraphSchema, server::Resolver};

pub struct Mock {
    pub name: &'static str,
    pub schema: SubgraphSchema,
    pub faults: Faults,
}

/// What goes wrong for now, in all subgraphs.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<Fault>>);

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Fault {
    #[default]
    None,
    /// One of so many fields fails, nullable or not, and one of so many entities is not known.
    Fields(u64),
    /// The subgraph of this name is down.
    Outage(&'static str),
}

/// An object. Entities with the same id are the same wherever they are asked for.
struct Object<'m> {
    schema: &'m SubgraphSchema,
    fault: Fault,
    type_name: String,
    seed: u64,
    id: Option<String>,
}

impl Resolver for Mock {
    fn schema(&self) -> &SubgraphSchema {
        &self.schema
    }

    fn is_down(&self) -> bool {
        self.faults.get() == Fault::Outage(self.name)
    }

    fn root<'a>(&'a self, type_name: &str) -> Box<dyn ObjectValue + 'a> {
        Box::new(Object {
            schema: &self.schema,
            fault: self.faults.get(),
            type_name: type_name.to_owned(),
            seed: hash(type_name),
            id: None,
        })
    }
}

impl Faults {
    pub fn set(&self, fault: Fault) {
        *self.0.lock().unwrap() = fault;
    }

    fn get(&self) -> Fault {
        *self.0.lock().unwrap()
    }
}

impl Fault {
    /// Whether what `seed` stands for goes wrong.
    fn strikes(self, seed: u64) -> bool {
        match self {
            Self::Fields(one_of) => hash((seed, "fault")).is_multiple_of(one_of),
            Self::None | Self::Outage(_) => false,
        }
    }
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn entity<'m>(of: &Object<'m>, type_name: &str, id: String) -> Object<'m> {
    Object {
        schema: of.schema,
        fault: of.fault,
        type_name: type_name.to_owned(),
        seed: hash((type_name, &id)),
        id: Some(id),
    }
}

impl ObjectValue for Object<'_> {
    fn type_name(&self) -> &str {
        &self.type_name
    }

    fn resolve_field<'a>(
        &'a self,
        info: &'a ResolveInfo<'a>,
    ) -> Result<ResolvedValue<'a>, FieldError> {
        let field = info.field_name();
        let arguments = serde_json::to_value(info.arguments()).unwrap();
        match (field, &self.id) {
            ("_entities", _) => Ok(self.entities(&arguments["representations"])),
            ("id", Some(id)) => Ok(ResolvedValue::leaf(id.as_str())),
            _ => {
                let seed = hash((self.seed, field, arguments.to_string()));
                if self.fault.strikes(seed) {
                    return Err(FieldError {
                        message: format!("{field} fails"),
                    });
                }
                Ok(self.value(&info.field_definition().ty, seed))
            }
        }
    }
}

impl<'m> Object<'m> {
    fn entities<'a>(&'a self, representations: &Value) -> ResolvedValue<'a> {
        let told = representations.as_array().unwrap().clone();
        ResolvedValue::list(told.into_iter().map(|told| {
            let type_name = told["__typename"].as_str().unwrap();
            let id = told["id"].as_str().unwrap().to_owned();
            let entity = entity(self, type_name, id);
            let is_known = !self.fault.strikes(hash((entity.seed, "unknown")));
            ResolvedValue::nullable_object(is_known.then_some(entity))
        }))
    }

    /// An object of a type: of forty, if it is an entity.
    fn object(&self, type_name: &str, seed: u64) -> Object<'m> {
        if !self.schema.keys(type_name).is_empty() {
            return entity(self, type_name, format!("{type_name}-{}", seed % 40));
        }
        Object {
            schema: self.schema,
            fault: self.fault,
            type_name: type_name.to_owned(),
            seed,
            id: None,
        }
    }

    fn value<'a>(&'a self, ty: &Type, seed: u64) -> ResolvedValue<'a>
    where
        'm: 'a,
    {
        if !ty.is_non_null() && seed.is_multiple_of(6) {
            return ResolvedValue::null();
        }
        if ty.is_list() {
            let items = (0..hash(seed) % 4).map(|index| hash((seed, index)));
            let items: Vec<_> = items.map(|seed| self.value(ty.item_type(), seed)).collect();
            return ResolvedValue::list(items);
        }
        let name = ty.inner_named_type().as_str();
        match &self.schema.schema().types[name] {
            ExtendedType::Enum(definition) => {
                let values: Vec<_> = definition.values.keys().collect();
                let index = usize::try_from(seed % values.len() as u64).unwrap();
                ResolvedValue::leaf(values[index].as_str())
            }
            ExtendedType::Object(_) => ResolvedValue::object(self.object(name, seed)),
            ExtendedType::Union(union) => {
                let index = usize::try_from(seed % union.members.len() as u64).unwrap();
                ResolvedValue::object(self.object(&union.members[index].name, seed))
            }
            ExtendedType::Scalar(_) => ResolvedValue::leaf(scalar(name, seed)),
            _ => panic!("{name} is an interface: say here which type it is"),
        }
    }
}

fn scalar(name: &str, seed: u64) -> Value {
    let small = u32::try_from(seed % 100_000).unwrap();
    match name {
        "Int" => Value::from(i64::from(small) - 50_000),
        "Float" => Value::from(f64::from(small) + 0.5),
        "Boolean" => Value::from(seed.is_multiple_of(2)),
        "DateTime" => Value::from(format!("2030-01-01T00:00:00.{small:06}Z")),
        _ => Value::from(format!("{name} \"{small}\" ю\n")),
    }
}
