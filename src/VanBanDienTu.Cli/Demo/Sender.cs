using Grpc.Core;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Cli.Demo;

/// <summary>The sending unit's document-management system (QLVB): hands documents over and follows what becomes of them.</summary>
internal sealed class Sender(string organ, NodeConnection node, Timeline timeline)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(150);

    /// <summary>Sends a document; the returned id is the node's.</summary>
    public async Task<string> SendAsync(DemoDocument document, CancellationToken ct)
    {
        var header = new SubmitHeader { RequestId = $"demo-{document.Name}", Document = document.Header };
        header.Recipients.AddRange(document.Recipients.Select(r => new Party { OrganId = r }));
        var answer = await DocumentUpload.SendAsync(node, header, [document.File], ct);
        timeline.Line(organ, document.Code, $"gửi qua gRPC tới {string.Join(", ", document.Recipients)}; nút đã nhận bền vững / submitted, durable");
        return answer.DocumentId;
    }

    /// <summary>Writes every change of the unit's documents to the timeline, until cancelled.</summary>
    public async Task FollowAsync(CancellationToken ct)
    {
        using var call = node.Outgoing.Watch(new WatchOutgoingRequest(), cancellationToken: ct);
        await foreach (var happened in call.ResponseStream.ReadAllAsync(ct))
        {
            var where = happened.Recipient is { OrganId.Length: > 0 } r ? $"→ {r.OrganId}: " : "";
            var request = happened.Request.Length > 0 ? $" [{StateWords.Request(happened.Request)}]" : "";
            // A reason worth a line: of a no, or of a request; of an ordinary status it only repeats the state.
            var tells = happened.Request.Length > 0 || happened.State is "Refused" or "Held" or "Rejected" or "Failed";
            var reason = tells && happened.Reason is { Vi.Length: > 0 } why ? $": {why.Vi}" : "";
            timeline.Line(organ, happened.Code, $"{where}{StateWords.Vi(happened.State)}{request}{reason}");
        }
    }

    /// <summary>Waits until a document is as expected.</summary>
    /// <exception cref="DemoException">It was not in time; the message says what it was instead.</exception>
    public async Task<OutgoingDocument> WaitAsync(string id, string expected, Func<OutgoingDocument, bool> until, TimeSpan patience, CancellationToken ct)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var document = await node.Outgoing.GetAsync(new GetOutgoingRequest { DocumentId = id }, cancellationToken: ct);
            if (until(document)) return document;
            if (document.State == "Refused" || TimeProvider.System.GetElapsedTime(begin) > patience)
            {
                var states = string.Join(", ", document.Deliveries.Select(d => $"{d.Recipient.OrganId} {d.State} {d.Request} {d.LastError}"));
                throw new DemoException($"{Answers.Code(document.Document)}: expected {expected} within {patience.TotalSeconds:0} s, but it is {document.State} {document.Reason?.En} ({states})");
            }
            await Task.Delay(Glance, ct);
        }
    }

    public async Task RecallAsync(string id, string code, string reason, CancellationToken ct)
    {
        await node.Outgoing.RecallAsync(new RecallRequest { DocumentId = id, Reason = reason }, cancellationToken: ct);
        timeline.Line(organ, code, $"đề nghị lấy lại (13): {reason}");
    }
}
