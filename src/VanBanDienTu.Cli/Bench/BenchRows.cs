using System.Globalization;

namespace VanBanDienTu.Cli.Bench;

/// <summary>The rows of a benchmark as TSV: name, value, unit.</summary>
internal sealed class BenchRows(TextWriter output)
{
    /// <param name="value">Written with four significant digits or more, never as a power of ten.</param>
    public Task AddAsync(string name, double value, string unit) =>
        output.WriteLineAsync($"{name}\t{value.ToString(Math.Abs(value) >= 100 ? "F1" : "F3", CultureInfo.InvariantCulture)}\t{unit}");
}
