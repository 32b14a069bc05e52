using System.Security.Cryptography;
using System.Text;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Evidence;

/// <summary>
/// How rows of evidence hang together: numbered without gaps for each node, each row's hash over the one before. The one gap that there may
/// be is where a node went on after an older backup was restored: its first row then is the node's own signed statement of that
/// (<see cref="EvidenceEvent.LogRestored"/>), which names the last number before it and hangs on that row's hash.
/// </summary>
internal static class EvidenceChain
{
    public static readonly string Genesis = new('0', 64);

    private const int Page = 500;

    /// <param name="read">Runs one page's query; a long walk need not hold one state of the database.</param>
    /// <returns>The number of the first row that is missing or was changed; null when all is well.</returns>
    public static async Task<long?> FirstBrokenAsync(Func<Func<DatabaseTransaction, Task<List<ChainedRow>>>, Task<List<ChainedRow>>> read, string node, CancellationToken ct)
    {
        var walk = new ChainWalk();
        while (true)
        {
            var after = walk.Last;
            var rows = await read(tx => tx.QueryAsync(
                "SELECT sequence, hash, event, json, signature, own FROM evidence WHERE node = @node AND sequence > @after ORDER BY sequence LIMIT @page",
                row => new ChainedRow(row.Number(0), row.Text(1), row.Text(2), row.Bytes(3), row.Bytes(4), row.Truth(5)), ct,
                ("node", node), ("after", after), ("page", Page)));
            if (rows.Count == 0)
                return null;
            foreach (var row in rows)
            {
                var expected = walk.Last + 1;
                if (walk.Next(row) != ChainFault.None)
                    return expected;
            }
        }
    }

    public static string Link(string previous, ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> signature) => MessageDigest.Hex(Encoding.ASCII.GetBytes(
        previous + Convert.ToHexStringLower(SHA256.HashData(json.Span)) + Convert.ToHexStringLower(SHA256.HashData(signature.Span))));

    /// <summary>Number and hash of a node's last row; 0 and <see cref="Genesis"/> before the first.</summary>
    public static async Task<(long Sequence, string Hash)> LastAsync(DatabaseTransaction tx, string node, CancellationToken ct) =>
        await tx.QueryAsync(
            "SELECT sequence, hash FROM evidence WHERE node = @node ORDER BY sequence DESC LIMIT 1", row => (row.Number(0), row.Text(1)), ct,
            ("node", node)) is [var row] ? row : (0, Genesis);
}

/// <summary>One row of a node's log.</summary>
internal sealed record ChainedRow(long Sequence, string Hash, string Event, byte[] Json, byte[] Signature, bool Own);
