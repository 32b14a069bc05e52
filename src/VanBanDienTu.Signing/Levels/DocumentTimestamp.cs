using System.Security.Cryptography;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Timestamps;

namespace VanBanDienTu.Signing.Levels;

/// <summary>Puts a document timestamp (dấu thời gian tài liệu) over all that a file holds.</summary>
/// <remarks>Source: ETSI EN 319 142-1, 5.4.3.</remarks>
internal static class DocumentTimestamp
{
    private static readonly HashAlgorithmName Digest = HashAlgorithmName.SHA256;

    /// <summary>The bytes to append to the file.</summary>
    public static async Task<ReadOnlyMemory<byte>> BuildAsync(PdfFile file, TimestampClient timestamps, TokenRoom room, CancellationToken cancellation)
    {
        while (true)
        {
            var prepared = (SignaturePlaceholder.DocumentTimestamp with { ReservedBytes = room.Bytes }).Prepare(file);
            using var hash = IncrementalHash.CreateHash(Digest);
            prepared.Feed(hash.AppendData);
            var token = (await timestamps.StampAsync(Digest, hash.GetHashAndReset(), cancellation)).Token.Der;
            if (token.Length > prepared.ReservedBytes)
            {
                room.GrowFor(token.Length);
                continue;
            }
            prepared.Fill(token.Span);
            return prepared.Update;
        }
    }
}
