using System.Security.Cryptography;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Verification;

/// <summary>One timestamp (dấu thời gian) over a list of what this node keeps.</summary>
/// <param name="List">Canonical JSON: the SHA-256 of the stamp before, of the records and of the CRLs that it covers.</param>
/// <param name="Token">The TimeStampToken over <paramref name="List"/>.</param>
/// <param name="Evidence">Certificates and revocation answers about the token's authority; the next list covers them.</param>
internal sealed record Stamp(long Number, byte[] List, byte[] Token, IReadOnlyList<RecordedItem> Evidence, DateTimeOffset Time)
{
    /// <summary>What the next list names this one by.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData([.. List, .. Token]));

    public StampedList Covered => RowJson.Read<StampedList>(System.Text.Encoding.UTF8.GetString(List));
}

/// <summary>What a stamp covers, by SHA-256.</summary>
/// <param name="Previous">The stamp before; null for the first.</param>
/// <param name="About">The evidence about the authority of the stamp before.</param>
internal sealed record StampedList(string? Previous, IReadOnlyList<string> About, IReadOnlyList<string> Records, IReadOnlyList<StampedCrl> Crls);

internal sealed record StampedCrl(string Url, string Sha256);

/// <summary>The tables <c>stamp</c> and <c>kept_crl</c>.</summary>
internal static class StampTable
{
    private const string Columns = "number, list, token, evidence, stamped_at";

    public static Task<Stamp?> NewestAsync(DatabaseTransaction tx, CancellationToken ct) =>
        tx.FirstAsync($"SELECT {Columns} FROM stamp ORDER BY number DESC LIMIT 1", Read, ct);

    public static Task<Stamp?> FindAsync(DatabaseTransaction tx, long number, CancellationToken ct) =>
        tx.FirstAsync($"SELECT {Columns} FROM stamp WHERE number = @number", Read, ct, ("number", number));

    /// <summary>Stamps from a number on, in order.</summary>
    public static Task<List<Stamp>> FromAsync(DatabaseTransaction tx, long number, int atMost, CancellationToken ct) =>
        tx.QueryAsync($"SELECT {Columns} FROM stamp WHERE number >= @number ORDER BY number LIMIT @most", Read, ct, ("number", number), ("most", atMost));

    /// <summary>False when another node was first.</summary>
    public static async Task<bool> InsertAsync(DatabaseTransaction tx, Stamp stamp, CancellationToken ct) => await tx.ExecuteAsync(
        """
        INSERT INTO stamp (number, list, token, evidence, stamped_at) VALUES (@number, @list, @token, @evidence, @at)
        ON CONFLICT (number) DO NOTHING
        """, ct,
        ("number", stamp.Number), ("list", stamp.List), ("token", stamp.Token), ("evidence", RowJson.Write(stamp.Evidence)), ("at", stamp.Time)) == 1;

    public static Task KeepCrlAsync(DatabaseTransaction tx, string url, long stamp, PayloadRef crl, CancellationToken ct) => tx.ExecuteAsync(
        "INSERT INTO kept_crl (url, stamp, payload) VALUES (@url, @stamp, @payload)", ct,
        ("url", url), ("stamp", stamp), ("payload", RowJson.Write(crl)));

    /// <summary>The first list of an authority that was kept from a stamp on.</summary>
    public static async Task<(PayloadRef Crl, long Stamp)?> CrlAsync(DatabaseTransaction tx, string url, long from, CancellationToken ct)
    {
        var found = await tx.QueryAsync(
            "SELECT payload, stamp FROM kept_crl WHERE url = @url AND stamp >= @from ORDER BY stamp LIMIT 1",
            row => (RowJson.Read<PayloadRef>(row.Text(0)), row.Number(1)), ct, ("url", url), ("from", from));
        return found is [var first] ? first : null;
    }

    public static async Task<DateTimeOffset?> CrlKeptAtAsync(DatabaseTransaction tx, string url, CancellationToken ct)
    {
        var newest = await tx.NumberAsync(
            "SELECT MAX(s.stamped_at) FROM kept_crl k JOIN stamp s ON s.number = k.stamp WHERE k.url = @url", ct, ("url", url));
        return newest == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(newest);
    }

    private static Stamp Read(Row row) =>
        new(row.Number(0), row.Bytes(1), row.Bytes(2), RowJson.Read<IReadOnlyList<RecordedItem>>(row.Text(3)), row.Time(4));
}
