using System.Text;

namespace VanBanDienTu.Signing.Reports;

/// <summary>Writes a table for spreadsheets: RFC 4180, UTF-8 with a byte order mark, which spreadsheets need for Vietnamese.</summary>
/// <param name="target">Stays open.</param>
public sealed class CsvText(Stream target) : IDisposable
{
    private readonly StreamWriter text = new(target, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);

    public void Line(params IEnumerable<string?> cells)
    {
        text.Write(string.Join(',', cells.Select(Cell)));
        text.Write("\r\n");
    }

    public void Dispose() => text.Dispose();

    private static string Cell(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return "";
        // A name from a file must stay text: a spreadsheet would run a cell that begins like a formula.
        var safe = value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + value : value;
        return safe.AsSpan().ContainsAny(",\"\r\n") ? "\"" + safe.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : safe;
    }
}
