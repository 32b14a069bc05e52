using VanBanDienTu.Axis.Organs;
using VanBanDienTu.Relay.Members;

namespace VanBanDienTu.Gateway.Config;

/// <summary>
/// The operator's own entries of the directory: a table, one unit a line, columns named in its first line (tab-separated): code, name, parent,
/// oldCode, successor, locked. What it says outranks every directory that is followed.
/// </summary>
internal static class UnitFile
{
    private static readonly string[] Columns = ["code", "name", "parent", "oldCode", "successor", "mail", "locked"];

    /// <exception cref="GatewayException"><see cref="GatewayFault.ConfigurationInvalid"/>, naming the first bad lines.</exception>
    public static IReadOnlyList<Unit> Load(string path)
    {
        try
        {
            using var lines = File.ReadLines(path).GetEnumerator();
            var header = lines.MoveNext() ? lines.Current.TrimStart('\uFEFF').Split('\t', StringSplitOptions.TrimEntries) : [];
            var problems = new List<string>();
            if (!header.Contains("code", StringComparer.Ordinal) || !header.Contains("name", StringComparer.Ordinal) || !Array.TrueForAll(header, c => Columns.Contains(c, StringComparer.Ordinal)))
                problems.Add($"1: {string.Join(", ", Columns)}");
            var units = new Dictionary<string, Unit>(StringComparer.Ordinal);
            for (var number = 2; problems.Count is 0 or < 5 && lines.MoveNext(); number++)
            {
                if (string.IsNullOrWhiteSpace(lines.Current) || lines.Current.StartsWith('#'))
                    continue;
                var unit = Read(header, lines.Current.Split('\t', StringSplitOptions.TrimEntries));
                if (unit is null || !units.TryAdd(unit.Code, unit))
                    problems.Add($"{number}: {lines.Current.Trim()}");
            }

            return problems.Count == 0 ? [.. units.Values] : throw Bad(path, problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GatewayException(GatewayFault.ConfigurationInvalid,
                $"Không đọc được danh bạ đơn vị {path}.", $"The unit file {path} cannot be read ({e.Message}).", e);
        }
    }

    private static Unit? Read(string[] header, string[] cells)
    {
        if (!OrganId.TryParse(Of("code"), out var code) || Of("name") is not { Length: <= 200 } name
            || Of("locked") is not (null or "0" or "1" or "true" or "false"))
            return null;
        return new Unit(code.Text, name)
        {
            Parent = Of("parent"),
            OldCode = Of("oldCode"),
            Successor = Of("successor"),
            Mail = Of("mail"),
            Locked = Of("locked") is "1" or "true",
        };

        string? Of(string column) => Array.IndexOf(header, column) is >= 0 and var at && at < cells.Length && cells[at].Length > 0 ? cells[at] : null;
    }

    private static GatewayException Bad(string path, List<string> problems) => new(
        GatewayFault.ConfigurationInvalid,
        $"Danh bạ đơn vị {path} có dòng sai (thiếu code, name; code lặp; cột lạ):\n  {string.Join("\n  ", problems)}",
        $"The unit file {path} has bad lines (code or name missing, a code twice, unknown columns):\n  {string.Join("\n  ", problems)}");
}
