using Grpc.Core;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Cli.Client;

/// <summary>Fetches a document's files into a folder, durably, so that the fetch may be confirmed afterwards.</summary>
/// <param name="Header">The document, its envelope and the hops it passed.</param>
/// <param name="Files">Paths of the attachments, in the document's order; each is as its digest says.</param>
internal sealed record DocumentDownload(FetchHeader Header, IReadOnlyList<string> Files)
{
    /// <param name="transfer">Told how far it is; with it a connection that is cut is opened again.</param>
    /// <exception cref="CommandException">A name in the packet is not a plain file name, the stream ended early, or a file is not as its digest says.</exception>
    public static async Task<DocumentDownload> FetchAsync(NodeConnection node, string incomingId, string folder, CancellationToken ct, Transfer? transfer = null)
    {
        DurableNames.Create(folder);
        return transfer is null
            ? await AttemptAsync(node, incomingId, folder, Transfer.Silent(), ct)
            : await CutOff.RetryAsync(transfer, () => AttemptAsync(node, incomingId, folder, transfer, ct), ct);
    }

    private static async Task<DocumentDownload> AttemptAsync(NodeConnection node, string incomingId, string folder, Transfer transfer, CancellationToken ct)
    {
        var document = await node.Incoming.GetAsync(new GetIncomingRequest { IncomingId = incomingId }, cancellationToken: ct);
        var parts = new List<PartFile>();
        try
        {
            foreach (var attachment in document.Attachments) parts.Add(await PartFile.OpenAsync(Path.Combine(folder, PlainName(attachment.Name)), attachment, ct));
            transfer.Begin(parts.Sum(p => p.Length), document.Attachments.Sum(a => a.Size));
            var request = new FetchRequest { IncomingId = incomingId };
            request.Offsets.Add(parts.Select(p => p.Length));
            using var call = node.Incoming.Fetch(request, cancellationToken: ct);
            FetchHeader? header = null;
            await foreach (var part in call.ResponseStream.ReadAllAsync(ct))
            {
                if (part.PartCase == FetchResponse.PartOneofCase.Header)
                {
                    header = part.Header;
                }
                else if (part.PartCase == FetchResponse.PartOneofCase.Chunk)
                {
                    await parts[part.Chunk.Attachment].TakeAsync(part.Chunk, ct);
                    transfer.Move(part.Chunk.Data.Length);
                }
            }
            if (header is null) throw PartFile.EndedEarly(incomingId);
            foreach (var part in parts) part.Finish();
            return new DocumentDownload(header, [.. parts.Select(p => p.File)]);
        }
        finally
        {
            foreach (var part in parts) await part.DisposeAsync();
        }
    }

    private static string PlainName(string name) =>
        name.Length > 0 && name is not ("." or "..") && name.IndexOfAny(['/', '\\', '\0']) < 0
            ? name
            : throw new CommandException(
                ExitCode.BadInput,
                $"Tên tệp «{name}» trong văn bản chứa đường dẫn; không ghi ra đĩa.",
                $"The file name «{name}» in the document holds a path; it was not written.");
}
