using System.Data.Common;
using System.Text.RegularExpressions;

namespace VanBanDienTu.Relay.Storage;

/// <summary>
/// Brings a database forward, one numbered file after the other, each in its own transaction, under a lock. A file whose first line says
/// <c>-- readers from: NNNN</c> leaves programs that know up to step NNNN at work; without that line only programs that know this step
/// can go on.
/// </summary>
internal static partial class Migrations
{
    /// <exception cref="RelayException"><see cref="RelayFault.StorageUnavailable"/>: written by a newer program.</exception>
    public static async Task ApplyAsync(DbConnection connection, Dialect dialect, long now, CancellationToken ct)
    {
        await RunAsync(connection, dialect.MigrationLock.Before, ct);
        try
        {
            await RunAsync(connection, "CREATE TABLE IF NOT EXISTS migration (number bigint NOT NULL PRIMARY KEY, name text NOT NULL, applied_at bigint NOT NULL)", ct);
            var all = All();
            var done = await NumberAsync(connection, "SELECT COALESCE(MAX(number), 0) FROM migration", ct);
            if (done > all[^1].Number && await OldestReaderAsync(connection, ct) > all[^1].Number)
                throw TooNew(done, all[^1].Number);
            foreach (var step in all.Where(m => m.Number > done))
                await ApplyAsync(connection, dialect, step, now, ct);
        }
        finally
        {
            await RunAsync(connection, dialect.MigrationLock.After, CancellationToken.None);
        }
    }

    private static async Task ApplyAsync(DbConnection connection, Dialect dialect, Step step, long now, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Text of our own, not of anyone outside: numbers and a file name.
        await RunAsync(connection, Blob().Replace(step.Sql, dialect.Blob), ct, transaction);
        await RunAsync(connection, $"INSERT INTO migration (number, name, applied_at) VALUES ({step.Number}, '{step.Name}', {now})", ct, transaction);
        if (step.Number >= OldestReaderKnownFrom)
            await RunAsync(connection, $"UPDATE migration SET readers_from = {step.ReadersFrom} WHERE number = {step.Number}", ct, transaction);
        await transaction.CommitAsync(ct);
    }

    /// <summary>The step that added <c>readers_from</c>; whatever came before it stops older programs.</summary>
    private const long OldestReaderKnownFrom = 2;

    /// <summary>The oldest program that all steps of this database leave at work; programs older than this one are too old.</summary>
    private static async Task<long> OldestReaderAsync(DbConnection connection, CancellationToken ct)
    {
        try
        {
            return await NumberAsync(connection, "SELECT COALESCE(MAX(COALESCE(readers_from, number)), 0) FROM migration", ct);
        }
        catch (DbException)
        {
            return long.MaxValue; // from before steps said so
        }
    }

    private static RelayException TooNew(long done, long known) => new(
        RelayFault.StorageUnavailable,
        $"Dữ liệu do phiên bản mới hơn tạo ra (bước {done}, chương trình này biết đến bước {known}): hãy dùng phiên bản mới hơn.",
        $"The data was written by a newer version (step {done}; this program knows up to {known}): use that version.");

    private static async Task RunAsync(DbConnection connection, string sql, CancellationToken ct, DbTransaction? transaction = null)
    {
        if (sql.Length == 0)
            return;
        await using var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<long> NumberAsync(DbConnection connection, string sql, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private static List<Step> All()
    {
        const string marker = ".Migrations.";
        var assembly = typeof(Migrations).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(n => n.Contains(marker, StringComparison.Ordinal) && n.EndsWith(".sql", StringComparison.Ordinal))
            .Select(n =>
            {
                var name = n[(n.IndexOf(marker, StringComparison.Ordinal) + marker.Length)..^4];
                using var reader = new StreamReader(assembly.GetManifestResourceStream(n)!);
                var (number, sql) = (long.Parse(name[..4]), reader.ReadToEnd());
                var readers = ReadersFrom().Match(sql);
                return new Step(number, name, sql, readers.Success ? long.Parse(readers.Groups["number"].Value) : number);
            })
            .OrderBy(m => m.Number)
            .ToList();
    }

    private sealed record Step(long Number, string Name, string Sql, long ReadersFrom);

    [GeneratedRegex(@"\bblob\b", RegexOptions.None, 1000)]
    private static partial Regex Blob();

    [GeneratedRegex(@"\A-- readers from: (?<number>[0-9]{4})\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReadersFrom();
}
