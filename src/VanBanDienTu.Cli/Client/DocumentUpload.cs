using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Relay.Payloads;

namespace VanBanDienTu.Cli.Client;

/// <summary>
/// Hands a document to a node: the header with every file's digest first, then the files in chunks. What an earlier attempt with the same
/// request id brought over is not sent again.
/// </summary>
internal static class DocumentUpload
{
    /// <summary>The wire contract's limit for one chunk, bytes.</summary>
    public const int ChunkSize = 256 << 10;

    /// <param name="node">The sending unit's node.</param>
    /// <param name="header">Everything but the attachments, which are filled in here.</param>
    /// <param name="files">The document (a PDF) first, then what is attached to it.</param>
    /// <param name="ct">Stops the upload; nothing is sent on then, and the same request id may be used again.</param>
    /// <param name="transfer">Told how far it is; with it a connection that is cut is opened again.</param>
    /// <exception cref="RpcException">The node's answer when it says no.</exception>
    public static async Task<SubmitResponse> SendAsync(
        NodeConnection node, SubmitHeader header, IReadOnlyList<string> files, CancellationToken ct, Transfer? transfer = null)
    {
        header.Attachments.Clear();
        foreach (var file in files) header.Attachments.Add(await DescribeAsync(file, ct));
        return transfer is null
            ? await AttemptAsync(node, header, files, Transfer.Silent(), ct)
            : await CutOff.RetryAsync(transfer, () => AttemptAsync(node, header, files, transfer, ct), ct);
    }

    private static async Task<SubmitResponse> AttemptAsync(
        NodeConnection node, SubmitHeader header, IReadOnlyList<string> files, Transfer transfer, CancellationToken ct)
    {
        var offsets = await HeldAsync(node, header, ct);
        transfer.Begin(offsets.Sum(), header.Attachments.Sum(a => a.Size));
        using var call = node.Outgoing.Submit(cancellationToken: ct);
        try
        {
            await call.RequestStream.WriteAsync(new SubmitRequest { Header = header }, ct);
            for (var index = 0; index < files.Count; index++)
            {
                if (!await SendFileAsync(call, index, files[index], offsets[index], transfer, ct)) break;
            }
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
        {
            // The node answered before it had read everything; its answer says why.
        }
        return await call.ResponseAsync;
    }

    /// <summary>Where each file goes on.</summary>
    private static async Task<IReadOnlyList<long>> HeldAsync(NodeConnection node, SubmitHeader header, CancellationToken ct)
    {
        var nothing = new long[header.Attachments.Count];
        if (header.Attachments.All(a => a.Size <= PayloadStore.ResumableBytes)) return nothing;
        try
        {
            var question = new GetUploadRequest { Id = header.RequestId, Attachments = { header.Attachments } };
            var offsets = (await node.Outgoing.GetUploadAsync(question, cancellationToken: ct)).Offsets;
            return [.. nothing.Select((_, i) => i < offsets.Count && offsets[i] >= 0 && offsets[i] < header.Attachments[i].Size ? offsets[i] : 0)];
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
        {
            return nothing; // a node of before
        }
    }

    /// <summary>False when the node has answered already.</summary>
    private static async Task<bool> SendFileAsync(
        AsyncClientStreamingCall<SubmitRequest, SubmitResponse> call, int index, string file, long offset, Transfer transfer, CancellationToken ct)
    {
        await using var source = File.OpenRead(file);
        var resumable = source.Length > PayloadStore.ResumableBytes;
        source.Position = offset;
        var buffer = new byte[ChunkSize];
        for (int read; (read = await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct)) > 0; offset += read)
        {
            if (call.ResponseAsync.IsCompleted) return false;
            var chunk = new Chunk { Attachment = index, Data = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, read)) }; // serialised before WriteAsync returns
            if (resumable) (chunk.Offset, chunk.Crc32C) = (offset, Crc32C.Of(buffer.AsSpan(0, read)));
            await call.RequestStream.WriteAsync(new SubmitRequest { Chunk = chunk }, ct);
            transfer.Move(read);
        }
        return true;
    }

    private static async Task<Attachment> DescribeAsync(string file, CancellationToken ct)
    {
        if (!File.Exists(file)) throw CommandException.NoInput(file);
        await using var source = File.OpenRead(file);
        return new Attachment
        {
            Name = Path.GetFileName(file),
            Sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(source, ct)),
            Size = source.Length,
            ContentType = ContentType(file),
        };
    }

    private static string ContentType(string file) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".pdf" => "application/pdf",
        ".xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".zip" => "application/zip",
        ".xml" => "application/xml",
        _ => "application/octet-stream",
    };
}
