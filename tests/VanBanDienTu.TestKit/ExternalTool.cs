using System.Diagnostics;

namespace VanBanDienTu.TestKit;

/// <summary>What a second opinion said: exit code, and standard output followed by standard error.</summary>
public sealed record ToolAnswer(int ExitCode, string Output);

/// <summary>Runs another program (openssl, pdfsig, qpdf …) to hear its opinion.</summary>
public static class ExternalTool
{
    public static ToolAnswer Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(Patience.Longest))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end.");
        }
#pragma warning disable xUnit1031, MA0045 // Tests ask one short question at a time.
        return new ToolAnswer(process.ExitCode, output + errors.GetAwaiter().GetResult());
#pragma warning restore xUnit1031, MA0045
    }
}
