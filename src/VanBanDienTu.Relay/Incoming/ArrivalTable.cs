using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>Every message that this node gave a receipt for, remembered for ever: the same message gets the same receipt.</summary>
internal static class ArrivalTable
{
    private static readonly string Known =
        $"SELECT {EvidenceLog.ColumnsOf("e")}, a.digest FROM arrival a JOIN evidence e ON e.id = a.receipt WHERE a.message_id = @id";

    /// <summary>The receipt and the digest that it was given for; null when the message is new.</summary>
    public static async Task<(string Digest, SignedEvidence Receipt)?> FindAsync(DatabaseTransaction tx, Guid message, CancellationToken ct)
    {
        var found = await tx.QueryAsync(
            Known, row => (Digest: row.Text(6), Receipt: EvidenceLog.Read(row)), ct, ("id", message));
        return found is [var row] ? row : null;
    }

    /// <returns>False when the message is known already; nothing is written then.</returns>
    public static async Task<bool> InsertAsync(
        DatabaseTransaction tx, Guid message, string digest, PeerNode peer, SignedEvidence receipt, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(
            """
            INSERT INTO arrival (message_id, digest, peer, peer_certificate, receipt, received_at)
            VALUES (@id, @digest, @peer, @certificate, @receipt, @now) ON CONFLICT (message_id) DO NOTHING
            """, ct,
            ("id", message), ("digest", digest), ("peer", peer.Node), ("certificate", peer.CertificateSha256), ("receipt", receipt.EvidenceId),
            ("now", now)) == 1;
}
