using Grpc.Core;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Cli.Client;

/// <summary>Evidence as files: the exact signed bytes as NAME.json, the detached CMS beside them as NAME.json.p7s.</summary>
internal static class EvidenceFiles
{
    /// <summary>Writes what the node streams; returns how many.</summary>
    public static async Task<int> WriteAsync(NodeConnection node, GetEvidenceRequest request, string folder, string prefix, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        var count = 0;
        using var call = node.Audit.GetEvidence(request, cancellationToken: ct);
        await foreach (var evidence in call.ResponseStream.ReadAllAsync(ct))
        {
            count++;
            await WriteAsync(evidence, Path.Combine(folder, $"{prefix}{count:D4}-{Safe(evidence.Event)}.json"), ct);
        }
        return count;
    }

    /// <summary>Writes a document's whole story as one container; the file appears when it is complete. Returns its bytes.</summary>
    public static async Task<long> WriteBundleAsync(NodeConnection node, GetBundleRequest request, string path, CancellationToken ct)
    {
        var partial = path + ".part";
        try
        {
            long size;
            await using (var file = File.Create(partial))
            {
                using var call = node.Audit.GetBundle(request, cancellationToken: ct);
                await foreach (var part in call.ResponseStream.ReadAllAsync(ct))
                    await file.WriteAsync(part.Data.Memory, ct);
                size = file.Length;
            }

            File.Move(partial, path, overwrite: true);
            return size;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static async Task WriteAsync(Evidence evidence, string path, CancellationToken ct)
    {
        await File.WriteAllBytesAsync(path, evidence.Json.ToByteArray(), ct);
        await File.WriteAllBytesAsync(path + ".p7s", evidence.Signature.ToByteArray(), ct);
    }

    private static string Safe(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit));
}
