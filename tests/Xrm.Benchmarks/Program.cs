using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Xrm.Benchmarks;

if (args is ["swaps", var program, var package, .. var rest])
    return await Swaps.Run(program, package, Number(rest, 0, 8), Number(rest, 1, 50), rest.ElementAtOrDefault(2) != "graphql");
if (args is ["staff", var published, .. var how])
    return await StaffPages.Run(published, Number(how, 0, 100_000));
// In this process: the build that is measured is the one of the solution. Few rounds, since the slowest case opens a whole store.
var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(8);
BenchmarkSwitcher.FromAssembly(typeof(Register).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
return 0;

static int Number(string[] words, int at, int unless) => at < words.Length ? int.Parse(words[at], CultureInfo.InvariantCulture) : unless;
