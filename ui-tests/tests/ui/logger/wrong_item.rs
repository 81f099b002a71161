use multitools::logger;

#[logger]
fn f() {}
#[logger]
enum E {}
#[logger(listen_to(multitools::AnyMessage))]
struct G<T>(T);
#[logger]
impl<T> G<T> {}
fn main() {}
