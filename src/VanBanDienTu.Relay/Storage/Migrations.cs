using Microsoft.Data.Sqlite;

namespace VanBanDienTu.Relay.Storage;

/// <summary>Brings a database forward, one numbered file after the other, each in its own transaction.</summary>
internal static class Migrations
{
    /// <exception cref="RelayException"><see cref="RelayFault.StorageUnavailable"/>: written by a newer program.</exception>
    public static void Apply(SqliteConnection connection, long now)
    {
        SqliteFile.Run(connection, "CREATE TABLE IF NOT EXISTS migration (number bigint NOT NULL PRIMARY KEY, name text NOT NULL, applied_at bigint NOT NULL)");
        var done = Newest(connection);
        var all = All();
        if (done > all[^1].Number)
        {
            throw new RelayException(
                RelayFault.StorageUnavailable,
                $"Dữ liệu do phiên bản mới hơn tạo ra (bước {done}, chương trình này biết đến bước {all[^1].Number}): hãy dùng phiên bản mới hơn.",
                $"The data was written by a newer version (step {done}; this program knows up to {all[^1].Number}): use that version.");
        }

        foreach (var (number, name, sql) in all.Where(m => m.Number > done))
        {
            using var transaction = connection.BeginTransaction();
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = sql + "\n;INSERT INTO migration (number, name, applied_at) VALUES (@number, @name, @now)";
            command.Parameters.AddWithValue("@number", number);
            command.Parameters.AddWithValue("@name", name);
            command.Parameters.AddWithValue("@now", now);
            command.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    private static long Newest(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COALESCE(MAX(number), 0) FROM migration";
        return (long)command.ExecuteScalar()!;
    }

    private static List<(long Number, string Name, string Sql)> All()
    {
        const string marker = ".Migrations.";
        var assembly = typeof(Migrations).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(n => n.Contains(marker, StringComparison.Ordinal) && n.EndsWith(".sql", StringComparison.Ordinal))
            .Select(n =>
            {
                var name = n[(n.IndexOf(marker, StringComparison.Ordinal) + marker.Length)..^4];
                using var reader = new StreamReader(assembly.GetManifestResourceStream(n)!);
                return (long.Parse(name[..4]), name, reader.ReadToEnd());
            })
            .OrderBy(m => m.Item1)
            .ToList();
    }
}
