//! The canvass command: parse, run, print the error, exit.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}

#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;
