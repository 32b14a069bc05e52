using System.Collections.Concurrent;
using System.Security.Cryptography;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Axis.Organs;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Payloads;

namespace VanBanDienTu.UnitTests.Relay.Rig;

/// <summary>Messages made by hand, as a peer of another make would send them.</summary>
internal static class Messages
{
    private static readonly ConcurrentDictionary<string, byte[]> Contents = new(StringComparer.Ordinal);

    public static MessageHeader Document(string from, string to, byte[]? content = null, BussinessType type = BussinessType.New) => new()
    {
        Id = Guid.NewGuid(),
        Kind = MessageKind.Document,
        From = new Party(from),
        To = new Party(to),
        EdxmlDocumentId = $"{from},2026/11/20,7/X",
        Envelope = EdxmlWriter.WriteEnvelope(new EdxmlDocument
        {
            From = Organ(from), To = [Organ(to)], DocumentId = $"{from},2026/11/20,7/X", Code = new EdxmlCode("7", "X"),
            Promulgation = new PromulgationInfo("Hà Nội", new DateOnly(2026, 11, 20)), Subject = "Thử nghiệm",
            References = [new EdxmlReference("1", "application/pdf", null, "a.pdf")],
            Bussiness = type == BussinessType.New ? null : new Bussiness { Type = type, Reason = "Ban hành nhầm", Paper = false },
        }),
        Attachments = [new Attachment("a.pdf", Remember(content ?? "%PDF-1.7 không ký"u8.ToArray()), "application/pdf")],
        Hops = [new Hop(from, DateTimeOffset.UnixEpoch)],
    };

    /// <param name="said">By the clock of who says it.</param>
    public static MessageHeader Status(
        string from, string to, Guid concerns, string edxmlId, EdxmlStatusCode code, string? description = null, DateTimeOffset said = default) => new()
    {
        Id = Guid.NewGuid(),
        Kind = MessageKind.Status,
        From = new Party(from),
        To = new Party(to),
        EdxmlDocumentId = edxmlId,
        Envelope = EdxmlWriter.WriteStatus(new EdxmlStatus
        {
            From = Organ(from), ResponseFor = new ResponseFor(OrganId.Parse(to), "101/CQM1-VP", edxmlId, null), StatusCode = code,
            Description = description ?? code.Vi(), Timestamp = said == default ? DateTimeOffset.UnixEpoch : said, Staff = new StaffInfo { Staff = "Văn thư", Department = "Văn phòng" },
        }),
        Concerns = concerns == Guid.Empty ? null : concerns,
    };

    /// <summary>Hands a message over as the link would.</summary>
    public static async Task<AcceptAnswer> HandAsync(TestNode to, MessageHeader message, PeerNode peer)
    {
        var start = await to.Node.Accept.BeginAsync(message, MessageDigest.Of(message), peer, default);
        if (start.Answer is { } early)
            return early;
        var payloads = new List<PayloadRef>();
        foreach (var attachment in message.Attachments)
        {
            using var bytes = new MemoryStream(Contents[attachment.Payload.Sha256]);
            payloads.Add(await to.Node.Payloads.SaveAsync(bytes, default));
        }

        return await start.Intake!.CompleteAsync(payloads, default);
    }

    private static PayloadRef Remember(byte[] content)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        Contents[sha256] = content;
        return new PayloadRef(sha256, content.Length);
    }

    private static EdxmlOrgan Organ(string code) => new() { OrganId = OrganId.Parse(code), Name = $"Cơ quan {code}" };
}
