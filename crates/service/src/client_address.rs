//! Who is at the other end, behind how many proxies ever.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use axum::extract::ConnectInfo;
use http::{Extensions, HeaderMap};

/// An address or a network in CIDR form, such as `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is neither an address nor a network such as 10.0.0.0/8");
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(bits), |text| text.parse::<u32>().map_err(|_| wrong()))?;
        if prefix > bits {
            return Err(wrong());
        }
        Ok(Self { address, prefix })
    }
}

impl Network {
    fn contains(self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let difference = network.to_bits() ^ address.to_bits();
                difference.leading_zeros() >= self.prefix
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let difference = network.to_bits() ^ address.to_bits();
                difference.leading_zeros() >= self.prefix
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

/// What the connection and the headers of trusted proxies say of the client.
#[derive(Clone, Debug, Default)]
pub struct Client {
    pub address: Option<IpAddr>,
    /// The host that the browser asked for.
    pub host: Option<String>,
}

impl Client {
    /// Reads them where `trusted` are the addresses of our own proxies.
    #[must_use]
    pub fn of(headers: &HeaderMap, extensions: &Extensions, trusted: &[Network]) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|info| info.0.ip());
        let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let own_host = text("host").map(str::to_owned);
        let Some(peer) = peer.filter(|peer| is_trusted(*peer)) else {
            return Self {
                address: peer,
                host: own_host,
            };
        };
        let chain = headers.get_all("x-forwarded-for").iter();
        let chain = chain.filter_map(|value| value.to_str().ok());
        let chain: Vec<IpAddr> = chain
            .flat_map(|value| value.split(','))
            .map_while(|address| address.trim().parse().ok())
            .collect();
        // The rightmost that no proxy of ours wrote for itself: what lies
        // further left is the client's own claim.
        let address = chain.iter().rev().copied().find(|one| !is_trusted(*one));
        let forwarded_host = text("x-forwarded-host").map(str::to_owned);
        Self {
            address: address.or(Some(peer)),
            host: forwarded_host.or(own_host),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        let mut extensions = Extensions::new();
        let peer: SocketAddr = format!("{peer}:9999").parse().unwrap();
        extensions.insert(ConnectInfo(peer));
        let trusted = ["10.0.0.0/8".parse().unwrap(), "127.0.0.1".parse().unwrap()];
        let client = Client::of(&headers, &extensions, &trusted);
        client.address.map(|address| address.to_string())
    }

    #[test]
    fn believes_forwarded_headers_of_trusted_proxies_only() {
        assert_eq!(client("127.0.0.1", "1.1.1.1").as_deref(), Some("1.1.1.1"));
        assert_eq!(client("8.8.8.8", "1.1.1.1").as_deref(), Some("8.8.8.8"));
        // The client claims 9.9.9.9; the proxies saw 1.1.1.1.
        assert_eq!(
            client("127.0.0.1", "9.9.9.9, 1.1.1.1, 10.1.2.3").as_deref(),
            Some("1.1.1.1")
        );
    }

    #[test]
    fn reads_networks() {
        let network: Network = "192.168.0.0/16".parse().unwrap();
        assert!(network.contains("192.168.7.1".parse().unwrap()));
        assert!(network.contains("::ffff:192.168.7.1".parse().unwrap()));
        assert!(!network.contains("192.169.0.1".parse().unwrap()));
        let everything: Network = "0.0.0.0/0".parse().unwrap();
        assert!(everything.contains("1.2.3.4".parse().unwrap()));
        assert!("10.0.0.0/33".parse::<Network>().is_err());
        assert!("proxy".parse::<Network>().is_err());
    }
}
