using System.Diagnostics;
using System.Text.Json;

namespace VanBanDienTu.EndToEndTests.Commands;

/// <summary>The built program, run as its users run it.</summary>
internal static class Vbdt
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(Environment.GetEnvironmentVariable("VBDT_LONG") == "1" ? 60 : 8);

    public static Task<Answer> RunAsync(params string[] words) => RunAsync([], words);

    /// <param name="environment">Set beside what this process has.</param>
    /// <param name="words">The command line.</param>
    public static async Task<Answer> RunAsync((string Name, string Value)[] environment, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        start.ArgumentList.Add(typeof(Cli.CommandLine).Assembly.Location);
        foreach (var word in words) start.ArgumentList.Add(word);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"vbdt {string.Join(' ', words)} did not end: {await output} {await error}", e);
        }
        return new Answer(process.ExitCode, await output, await error);
    }

    internal sealed record Answer(int ExitCode, string Output, string Error)
    {
        public JsonElement Json => JsonDocument.Parse(Output).RootElement;

        public override string ToString() => $"exit {ExitCode}\n{Output}\n{Error}";
    }
}
