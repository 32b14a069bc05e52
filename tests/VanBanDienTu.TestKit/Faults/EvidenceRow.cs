using System.Data.Common;

namespace VanBanDienTu.TestKit.Faults;

/// <summary>One signed statement of a node: the JSON and its detached signature.</summary>
/// <param name="Issuer">The node that signed it.</param>
public sealed record Receipt(string Id, string Event, string Issuer, ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Signature);

/// <summary>One row of a log of evidence, as a database holds it.</summary>
/// <param name="Database">The tests' name of the database; several nodes may share one.</param>
/// <param name="Node">Whose chain the row is in.</param>
/// <param name="Sequence">From 1, without gaps.</param>
/// <param name="Hash">Chains the row to the one before.</param>
/// <param name="Own">Signed by the node that keeps it, not by a peer.</param>
public sealed record EvidenceRow(string Database, string Node, long Sequence, string Hash, bool Own, Receipt Receipt)
{
    /// <summary>Reads the rows that come after what was read before, every chain of the database in order.</summary>
    /// <param name="connection">Open; SQLite or PostgreSQL: the text is one.</param>
    /// <param name="read">The last number read of each chain; moved on when all was read.</param>
    public static async Task<List<EvidenceRow>> ReadAsync(string database, DbConnection connection, IDictionary<string, long> read, CancellationToken ct)
    {
        var rows = new List<EvidenceRow>();
        var reached = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var node in await NodesAsync(connection, ct))
        {
            var after = read.TryGetValue(node, out var last) ? last : 0;
            await using var select = Command(
                connection, "SELECT sequence, hash, own, id, event, issuer, json, signature FROM evidence WHERE node = @node AND sequence > @after ORDER BY sequence");
            Add(select, "node", node);
            Add(select, "after", after);
            await using var row = await select.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
            {
                var receipt = new Receipt(row.GetString(3), row.GetString(4), row.GetString(5), (byte[])row[6], (byte[])row[7]);
                rows.Add(new EvidenceRow(database, node, row.GetInt64(0), row.GetString(1), row.GetInt64(2) == 1, receipt));
                reached[node] = row.GetInt64(0);
            }
        }
        foreach (var (node, last) in reached) read[node] = last;
        return rows;
    }

    private static async Task<List<string>> NodesAsync(DbConnection connection, CancellationToken ct)
    {
        await using var select = Command(connection, "SELECT DISTINCT node FROM evidence ORDER BY node");
        await using var row = await select.ExecuteReaderAsync(ct);
        var nodes = new List<string>();
        while (await row.ReadAsync(ct)) nodes.Add(row.GetString(0));
        return nodes;
    }

    private static DbCommand Command(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
