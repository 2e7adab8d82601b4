use std::{
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{config::RateLimits, graph::GraphError};

use super::{Caller, bucket::Buckets};

pub(super) struct RateLimiter {
    viewers: Option<Buckets<Arc<str>>>,
    addresses: Option<Buckets<IpAddr>>,
    fields: Vec<(Vec<String>, Buckets<IpAddr>)>,
}

impl RateLimiter {
    pub(super) fn new(limits: &RateLimits) -> Self {
        let fields = limits.fields.iter();
        Self {
            viewers: limits.per_viewer.map(Buckets::new),
            addresses: limits.per_address.map(Buckets::new),
            fields: fields
                .map(|rate| (rate.names.clone(), Buckets::new(rate.per_address)))
                .collect(),
        }
    }

    /// Counts `units` for `caller`. What one bucket gave stays taken when another refuses.
    pub(super) fn count(&self, caller: &Caller, units: usize) -> Result<(), GraphError> {
        let now = Instant::now();
        if let (Some(buckets), Some(viewer)) = (&self.viewers, caller.subject()) {
            let taken = buckets.take(&viewer, units, now);
            taken.map_err(|wait| refused("viewer", wait))?;
        }
        if let (Some(buckets), Some(address)) = (&self.addresses, caller.address) {
            let taken = buckets.take(&network(address), units, now);
            taken.map_err(|wait| refused("address", wait))?;
        }
        Ok(())
    }

    /// Counts `asked`, the names of root fields, where they have a rate of their own.
    pub(super) fn count_fields(&self, caller: &Caller, asked: &[String]) -> Result<(), GraphError> {
        let Some(address) = caller.address else {
            return Ok(());
        };
        let now = Instant::now();
        for (fields, buckets) in &self.fields {
            let units = asked.iter().filter(|name| fields.contains(name)).count();
            if units > 0 {
                let taken = buckets.take(&network(address), units, now);
                taken.map_err(|wait| refused("fields", wait))?;
            }
        }
        Ok(())
    }
}

/// What is one network to the one who hands out addresses.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = address.to_bits() >> 64 << 64;
            Ipv6Addr::from_bits(network).into()
        }
        address @ IpAddr::V4(_) => address,
    }
}

fn refused(by: &'static str, wait: Duration) -> GraphError {
    metrics::counter!("router_rate_limited_total", "by" => by).increment(1);
    let seconds = wait.as_secs() + 1;
    let message = format!("Too many requests. Try again in {seconds} s.");
    let mut error = GraphError::new("RATE_LIMITED", message);
    let extensions = &mut error.extensions;
    extensions.insert("retryAfterSeconds".to_owned(), seconds.into());
    error
}
