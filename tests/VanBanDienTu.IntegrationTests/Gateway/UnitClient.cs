using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>A unit's document-management system, as small as one can be: it knows the protos and nothing else.</summary>
internal sealed class UnitClient(GrpcChannel channel) : IDisposable
{
    public OutgoingService.OutgoingServiceClient Outgoing { get; } = new(channel);

    public IncomingService.IncomingServiceClient Incoming { get; } = new(channel);

    public AuditService.AuditServiceClient Audit { get; } = new(channel);

    /// <summary>A slip, which needs no personal signature.</summary>
    public static SubmitHeader Slip(string requestId, params string[] recipients)
    {
        var header = new SubmitHeader
        {
            RequestId = requestId,
            Document = new DocumentHeader
            {
                Number = "101", Notation = "CQM1-VP", Place = "Hà Nội", PromulgationDate = "2026-11-22", TypeName = "Phiếu gửi",
                Subject = "V/v gửi tài liệu", SignerName = "Người Ký Mẫu", SignerPosition = "Chánh Văn phòng",
            },
        };
        header.Recipients.Add(recipients.Select(organ => new Party { OrganId = organ }));
        header.Attachments.Add(new Attachment { Name = "cong-van.pdf", ContentType = "application/pdf" });
        return header;
    }

    /// <summary>Sends a header and these chunks, then half-closes.</summary>
    public async Task<SubmitResponse> SubmitAsync(SubmitHeader header, params IEnumerable<Chunk> chunks)
    {
        using var call = Outgoing.Submit();
        try
        {
            await call.RequestStream.WriteAsync(new SubmitRequest { Header = header });
            foreach (var chunk in chunks)
                await call.RequestStream.WriteAsync(new SubmitRequest { Chunk = chunk });
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The node ended the call while we wrote: what it said is in the response.
        }

        return await call.ResponseAsync;
    }

    public Task<SubmitResponse> SubmitAsync(SubmitHeader header, byte[] pdf) => SubmitAsync(header, Chunks(0, pdf));

    public static IEnumerable<Chunk> Chunks(int attachment, byte[] bytes) =>
        bytes.Chunk(256 << 10).Select(part => new Chunk { Attachment = attachment, Data = ByteString.CopyFrom(part) });

    /// <summary>Waits until the document has left preparation.</summary>
    public async Task<OutgoingDocument> PreparedAsync(string documentId)
    {
        OutgoingDocument document = new();
        for (var patience = new Patience(); patience.Lasts;)
        {
            document = await Outgoing.GetAsync(new GetOutgoingRequest { DocumentId = documentId });
            if (document.State is "Queued" or "Refused")
                return document;
            await Task.Delay(50);
        }

        throw new TimeoutException($"Document {documentId} is still being prepared: {document.State} {document.ReasonCode} {document.Reason?.En}");
    }

    /// <summary>Waits for the one document that has this subject's code.</summary>
    public async Task<IncomingDocument> ArrivedAsync(string edxmlDocumentId)
    {
        using var patience = new CancellationTokenSource(Patience.Longest);
        using var watch = Incoming.Watch(new WatchIncomingRequest(), cancellationToken: patience.Token);
        while (await watch.ResponseStream.MoveNext(patience.Token))
            if (watch.ResponseStream.Current is { Acceptance: not "Verifying" } document && document.EdxmlDocumentId == edxmlDocumentId)
                return document;
        throw new TimeoutException($"{edxmlDocumentId} did not arrive.");
    }

    public async Task<(FetchHeader Header, byte[] Bytes)> FetchAsync(string incomingId)
    {
        using var call = Incoming.Fetch(new FetchRequest { IncomingId = incomingId });
        FetchHeader? header = null;
        using var bytes = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync())
        {
            header ??= part.Header;
            if (part.Chunk is { } chunk)
                bytes.Write(chunk.Data.Span);
        }

        return (header!, bytes.ToArray());
    }

    public void Dispose() => channel.Dispose();
}
