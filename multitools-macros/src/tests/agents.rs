use super::{agent, check, logger, process};
use expect_test::expect_file;
use quote::quote;

#[test]
fn declaration() {
    let args = quote!(
        name = "one",
        resident,
        listen_to(StringMessage, shapes::Telemetry)
    );
    let item = quote!(
        #[derive(Default)]
        struct One {
            seen: u32,
            image: Vec<u8>,
        }
    );
    check(
        agent(args, item),
        expect_file!["expansions/agent_struct.rs"],
    );
}

#[test]
fn behaviour() {
    let item = quote! {
        impl One {
            const LIMIT: u32 = 3;
            #[handle]
            fn on_text(&mut self, text: &StringMessage, ctx: &mut Context) -> Flow { ctx. }
            #[cfg(unix)]
            #[handle]
            pub fn on_chunk(&self, chunk: &Chunk<'_>) {}
            fn helper(&self) {}
        }
    };
    // The unfinished body is no Rust yet, so the expansion cannot be read as a file.
    let expansion = agent(quote!(), item.clone()).to_string();
    assert!(expansion.contains("{ ctx . }"), "{expansion}");
    let finished = item.to_string().replace("{ ctx . }", "{ Flow::Stop }");
    check(
        agent(quote!(), finished.parse().unwrap()),
        expect_file!["expansions/agent_impl.rs"],
    );
}

#[test]
fn op() {
    let item = quote! {
        impl Two {
            #[cfg(unix)]
            fn op(&mut self, ctx: &mut Context) -> std::io::Result<u64> { Ok(0) }
        }
    };
    check(
        agent(quote!(crate = mt), item),
        expect_file!["expansions/agent_op.rs"],
    );
}

#[test]
fn loggers() {
    let declaration = logger(
        quote!(unnamed, manual, listen_to(AnyMessage)),
        quote!(
            struct Log;
        ),
    );
    let behaviour = logger(
        quote!(),
        quote! {
            impl Log { fn log(&mut self, message: &AnyMessage) {} }
        },
    );
    check(
        quote!(#declaration #behaviour),
        expect_file!["expansions/logger.rs"],
    );
}

#[test]
fn restarts() {
    let policy = |args| {
        let expansion = agent(args, "struct A;".parse().unwrap()).to_string();
        let (_, policy) = expansion.split_once("restart : ").unwrap();
        let (policy, _) = policy.split_once(", limits").unwrap();
        policy.replace(' ', "").replace("::core::time::", "")
    };
    assert_eq!(
        policy(quote!(restart = never)),
        "__multitools::Restart::never()"
    );
    assert_eq!(
        policy(quote!(
            restart = on_failure,
            max = 5,
            within = "2m",
            backoff = "9ms..1h",
            retry = 2,
            group = "pipeline",
            strategy = rest
        )),
        "__multitools::Restart::on_failure().max(5u32).within(Duration::from_millis(120000u64))\
         .backoff(Duration::from_millis(9u64),Duration::from_millis(3600000u64))\
         .retry(2u32).group(\"pipeline\",__multitools::Strategy::Rest)"
    );
    // What is wrong is left out.
    assert_eq!(
        policy(quote!(
            restart = always,
            max = 0,
            within = "1s",
            backoff = "1s"
        )),
        "__multitools::Restart::always().within(Duration::from_millis(1000u64))"
    );
}

#[test]
fn limits() {
    let limits = |args| {
        let expansion = agent(args, "struct A;".parse().unwrap()).to_string();
        let (_, limits) = expansion.split_once("limits : ").unwrap();
        let (limits, _) = limits.split_once(", listens").unwrap();
        limits.replace(' ', "").replace("::core::time::", "")
    };
    assert_eq!(
        limits(quote!(memory = "512MiB", cpu = "2m", files = 64, nice = 5)),
        "__multitools::Limits::none().memory(536870912u64).cpu(Duration::from_secs(120u64))\
         .files(64u64).nice(5i8)"
    );
    // What is wrong is left out.
    assert_eq!(
        limits(quote!(memory = "512", cpu = "1500ms", files = 3, nice = 20)),
        "__multitools::Limits::none()"
    );
}

#[test]
fn processes() {
    let with_context = process(
        quote!(name = "product"),
        quote! {
            /// Multiplies.
            pub fn mul(ctx: &mut Context, mut a: i32, bytes: Vec<u8>) -> Result<i32, String> { a += 1; Ok(a) }
        },
    );
    let bare = process(
        quote!(unnamed),
        quote! {
            #[cfg(unix)]
            fn bare() {}
        },
    );
    check(
        quote!(#with_context #bare),
        expect_file!["expansions/process.rs"],
    );
}
