using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Xrm.Host.Tests;

/// <summary>What a run of the program left behind.</summary>
internal sealed record Answer(int ExitCode, string Out, string Error)
{
    public JsonObject Json => JsonNode.Parse(Out)!.AsObject();

    public Answer ShouldBeDone()
    {
        ExitCode.ShouldBe(0, $"{Out}\n{Error}");
        return this;
    }
}

/// <summary>Runs the built program as people do: a process of its own, with arguments, environment and streams.</summary>
internal static class Command
{
    public static Process Start(string data, string arguments, bool keepsInput = false, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Places.Program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("XRM_", StringComparison.Ordinal) || k.StartsWith("LC_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        start.Environment["XRM_DATA"] = data;
        start.Environment["LANG"] = "en_US.UTF-8";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        if (!keepsInput)
            process.StandardInput.Close();
        return process;
    }

    public static async Task<Answer> Run(string data, string arguments, params (string Name, string Value)[] environment)
    {
        using var process = Start(data, arguments, false, environment);
        return await Finish(process);
    }

    public static async Task<Answer> Finish(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, await output, await error);
    }
}
