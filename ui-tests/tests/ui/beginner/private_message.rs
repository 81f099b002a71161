mod weather {
    use multitools::message;

    #[message]
    struct Report {
        pub degrees: f32,
    }
}
fn main() {
    let _ = weather::Report { degrees: 21.0 };
}
