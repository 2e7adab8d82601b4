use clap::Parser as _;

fn main() {
    let _ = setwise_router::Config::parse();
}
