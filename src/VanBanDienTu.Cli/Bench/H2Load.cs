using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace VanBanDienTu.Cli.Bench;

/// <summary>The load generator of nghttp2, a program of its own (Debian: nghttp2-client).</summary>
internal sealed partial class H2Load
{
    private readonly string program;

    private H2Load(string program) => this.program = program;

    /// <summary>Null when it is not installed.</summary>
    public static H2Load? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "h2load")).FirstOrDefault(File.Exists) is { } found
        ? new H2Load(found)
        : null;

    /// <returns>Successful requests per second.</returns>
    public async Task<double> RunAsync(Uri target, TimeSpan time, CancellationToken cancellationToken)
    {
        var body = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(body, BenchServer.Frame, cancellationToken);
            var start = new ProcessStartInfo(program,
            [
                "-c", "4", "-m", "32", "-t", "1", "-D", ((int)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture), "-d", body,
                "-H", "content-type: application/grpc", "-H", "te: trailers", "-H", "grpc-timeout: 10S", target.AbsoluteUri,
            ])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            var rate = Rate().Match(output);
            if (!rate.Success || !AllSucceeded().IsMatch(output))
                throw new InvalidOperationException($"h2load did not measure {target}: {output} {await errors}");
            return double.Parse(rate.Groups["rate"].ValueSpan, CultureInfo.InvariantCulture);
        }
        finally
        {
            File.Delete(body);
        }
    }

    [GeneratedRegex(@"finished in [^,]+, (?<rate>[0-9.]+) req/s", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rate();

    [GeneratedRegex(@"\b0 failed, 0 errored, 0 timeout", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AllSucceeded();
}
