using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using VanBanDienTu.Axis;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Outgoing;

namespace VanBanDienTu.Gateway.Vxp;

/// <summary>sendEdoc: a packet streams to disk, its signed digest is checked, then it is taken apart and submitted.</summary>
internal sealed class PacketIntake(RelayNode relay, NodeConfig config)
{
    public async Task TakeAsync(VxpCall call)
    {
        var (from, type, hash) = (call.Required(VxpNames.From), call.MessageType(), call.Required(VxpNames.HashFile));
        if (!call.Organs.Contains(from, StringComparer.Ordinal))
            throw new VxpRefusal(VxpCode.SenderNotRegistered, $"Hệ thống này không gửi thay cho cơ quan {from}.", $"This system does not send for organ {from}.");
        var only = Recipients(call.Optional(VxpNames.To));
        using var spool = new PacketSpool(config);
        await using (var file = await FileOfAsync(call))
        {
            // The digest is signed: with other bytes than those it names the request is none of this system's.
            if (!HashFile.Matches(hash, await spool.TakeAsync(file, call.Aborted)))
                throw new VxpRefusal(VxpCode.FileInvalid, "Nội dung gói tin không khớp với hash-file: hãy gửi lại.", "The packet's bytes are not those of hash-file: send it again.");
        }

        var id = await SubmitAsync(from, type, only, spool, call.Aborted);
        await call.AnswerAsync(VxpJson.Ok(("DocId", id.ToString("D"))));
    }

    private async Task<Guid> SubmitAsync(string from, VxpMessageType type, IReadOnlyList<string>? only, PacketSpool spool, CancellationToken ct)
    {
        var packet = await UnpackAsync(spool, ct);
        if (type == VxpMessageType.Status)
            return await relay.SubmitStatus.RunAsync(from, packet.Reading.RequireStatus(), packet.Envelope, ct);
        var document = packet.Reading.RequireDocument();
        if (packet.Attachments.Count != document.References.Count)
            throw new VxpRefusal(VxpCode.BadEdxml, "Có tệp đính kèm không được khai báo trong edXMLManifest.", "An attachment is not in the manifest.");
        var receipt = await relay.SubmitPacket.RunAsync(
            new UnitPacket
            {
                Organ = from,
                Envelope = packet.Envelope,
                Document = document,
                Attachments = await relay.Payloads.KeepAsync(packet, ct),
                Hops = packet.Hops(),
                Only = only,
            }, ct);
        return receipt.DocumentId;
    }

    private async Task<UnpackedPacket> UnpackAsync(PacketSpool spool, CancellationToken ct)
    {
        var limits = new EdxmlLimits { MaxAttachments = config.Limits.MaxAttachments, MaxAttachmentBytes = config.Limits.MaxAttachmentBytes };
        return await Task.Run(
            () =>
            {
                using var bytes = PacketSpool.Open(spool.Packet);
                return EdxmlPacket.Unpack(bytes, spool.Folder, limits, ct: ct);
            }, ct);
    }

    private static IReadOnlyList<string>? Recipients(string? json)
    {
        if (json is null)
            return null;
        try
        {
            if (JsonSerializer.Deserialize<string[]>(json) is { } organs)
                return organs.Length == 0 ? null : organs;
        }
        catch (JsonException)
        {
            // Answered below, like the text «null».
        }

        throw new VxpRefusal(VxpCode.FileInvalid, "Header to phải là mảng JSON các mã định danh.", "The header to must be a JSON array of organ codes.");
    }

    /// <summary>The bytes of the form's file, bounded; the form's other fields mean nothing.</summary>
    private async Task<Stream> FileOfAsync(VxpCall call)
    {
        var request = call.Http.Request;
        var reader = new MultipartReader(Boundary(request.ContentType), request.Body);
        try
        {
            while (await reader.ReadNextSectionAsync(call.Aborted) is { } section)
            {
                if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
                    && HeaderUtilities.RemoveQuotes(disposition.Name) == VxpNames.FileField)
                    return new BoundedStream(section.Body, config.Vxp!.MaxPacketBytes);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw NoForm(e);
        }

        throw NoForm(null);
    }

    // The official library writes ===…=== without quotes, which no strict parser takes.
    private static string Boundary(string? contentType)
    {
        const string name = "boundary=";
        var at = contentType?.IndexOf(name, StringComparison.OrdinalIgnoreCase) ?? -1;
        if (at < 0 || !contentType!.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            throw NoForm(null);
        var rest = contentType[(at + name.Length)..].Trim();
        var boundary = rest.StartsWith('"') ? rest[1..].Split('"')[0] : rest.Split(';')[0].Trim();
        return boundary.Length is > 0 and <= 200 ? boundary : throw NoForm(null);
    }

    private static VxpRefusal NoForm(Exception? cause) => new(
        VxpCode.FileInvalid, $"Thân yêu cầu phải là multipart/form-data có trường {VxpNames.FileField}.",
        $"The body must be multipart/form-data with the field {VxpNames.FileField}.", cause);
}
