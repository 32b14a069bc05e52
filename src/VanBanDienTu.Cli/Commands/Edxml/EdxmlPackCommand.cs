using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using VanBanDienTu.Axis.Documents;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Axis.Organs;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Commands.Edxml;

/// <summary><c>vbdt edxml pack</c>: a packet from files and either an envelope or the header's fields.</summary>
internal sealed class EdxmlPackCommand
{
    private readonly Argument<string[]> files = new("FILE") { Description = "các tệp đính kèm, văn bản chính trước / attachments, the main document first", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string> output = new("--output", "-o") { Description = "gói tin / the packet, or «-»", HelpName = "FILE", Required = true };
    private readonly Option<string?> envelope = new("--envelope") { Description = "phần vỏ có sẵn (do unpack ghi ra) / an envelope that unpack wrote", HelpName = "FILE" };
    private readonly Option<string?> from = new("--from") { Description = "mã cơ quan gửi, có thể kèm tên / sender, with a name if wanted", HelpName = "ORGAN[=NAME]" };
    private readonly Option<string[]> to = new("--to") { Description = "mã cơ quan nhận, lặp lại được / receiver, repeatable", HelpName = "ORGAN[=NAME]" };
    private readonly Option<string?> number = new("--number") { Description = "số và ký hiệu / number and notation: 1234/BTNMT-KHTC" };
    private readonly Option<string?> date = new("--date") { Description = "ngày ban hành / date of issue, yyyy-MM-dd; mặc định hôm nay / default today" };
    private readonly Option<string?> subject = new("--subject") { Description = "trích yếu / subject" };
    private readonly Option<string?> content = new("--content") { Description = "nội dung tóm tắt / summary; mặc định là trích yếu / default the subject" };
    private readonly Option<string> type = new("--type") { Description = "loại văn bản / document type", DefaultValueFactory = _ => "Công văn" };
    private readonly Option<string?> place = new("--place") { Description = "nơi ban hành / place" };
    private readonly Option<string?> signer = new("--signer") { Description = "họ tên người ký / signer's name" };
    private readonly Option<string?> position = new("--position") { Description = "chức vụ người ký / signer's position" };
    private readonly Option<string> urgency = new("--urgency") { Description = "độ khẩn / urgency", DefaultValueFactory = _ => "thuong" };
    private readonly Option<bool> json = Options.Json();

    public Command Build()
    {
        urgency.AcceptOnlyFromAmong("thuong", "khan", "thuong-khan", "hoa-toc");
        return new Command("pack", "Tạo gói tin từ các tệp / Make a packet from files")
        {
            files, output, envelope, from, to, number, date, subject, content, type, place, signer, position, urgency, json,
        }
        .WithExamples(
            "edxml pack cong-van.pdf --from G13 --to G22 --to \"H09=UBND tỉnh Bình Dương\" --number 1234/BTNMT-KHTC --subject \"V/v báo cáo\" -o cong-van.edxml",
            "edxml pack ra/cong-van.pdf --envelope ra/envelope.xml -o lai.edxml")
        .Does((parsed, terminal, ct) => Task.FromResult(Run(parsed, terminal)));
    }

    private int Run(ParseResult parsed, Terminal terminal)
    {
        var paths = parsed.GetValue(files) ?? [];
        foreach (var path in paths.Append(parsed.GetValue(envelope)).OfType<string>().Where(p => !File.Exists(p)))
            throw CommandException.NoInput(path);
        var now = VietnamTime.Now(TimeProvider.System);
        var (bytes, hops, attachments) = parsed.GetValue(envelope) is { } given
            ? Around(File.ReadAllBytes(given), paths)
            : New(parsed, paths, now);
        var target = parsed.GetRequiredValue(output);
        Write(bytes, hops, attachments, target);
        if (parsed.GetValue(json) && target != "-")
            terminal.WriteJson(new JsonObject { ["file"] = target, ["size"] = new FileInfo(target).Length, ["attachments"] = attachments.Count });
        else if (target != "-")
            terminal.Say($"Đã ghi {target}", "written");
        return ExitCode.Ok;
    }

    private static void Write(byte[] envelope, IReadOnlyList<TraceHop> hops, IReadOnlyList<PacketAttachment> attachments, string target)
    {
        if (target == "-")
        {
            using var standard = Console.OpenStandardOutput();
            EdxmlPacket.Pack(envelope, hops, attachments, standard);
            return;
        }
        // Whole or not at all: a packet cut off by a full disk must not lie around under its name.
        var part = target + ".part";
        try
        {
            using (var file = File.Create(part))
                EdxmlPacket.Pack(envelope, hops, attachments, file);
            File.Move(part, target, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static (byte[], IReadOnlyList<TraceHop>, IReadOnlyList<PacketAttachment>) Around(byte[] envelope, string[] paths)
    {
        var document = EdxmlReader.ReadEnvelope(envelope).RequireDocument();
        var attachments = document.References.Select(reference =>
        {
            var wanted = EdxmlUnpackCommand.SafeName(reference.AttachmentName ?? reference.ContentId);
            var path = Array.Find(paths, p => Path.GetFileName(p) == wanted || Path.GetFileName(p) == reference.AttachmentName)
                ?? throw new CommandException(
                    ExitCode.Usage, $"Thiếu tệp «{wanted}» mà phần vỏ đã khai báo.", $"The file «{wanted}» that the envelope names was not given.");
            return new PacketAttachment(reference.ContentId, reference.AttachmentName ?? wanted, reference.Description, () => File.OpenRead(path));
        }).ToList();
        return (envelope, [], attachments);
    }

    private (byte[], IReadOnlyList<TraceHop>, IReadOnlyList<PacketAttachment>) New(ParseResult parsed, string[] paths, DateTimeOffset now)
    {
        var issued = parsed.GetValue(date) is { } text ? DateOf(text) : DateOnly.FromDateTime(now.DateTime);
        var code = DocumentNotation.Parse(Needed(parsed, number));
        var sender = Organ(Needed(parsed, from));
        var notation = code.Year is { } year ? $"{year}/{code.Notation}" : code.Notation;
        var attachments = paths.Select(p => new PacketAttachment(Guid.NewGuid().ToString(), Path.GetFileName(p), null, () => File.OpenRead(p))).ToList();
        var document = new EdxmlDocument
        {
            From = sender,
            To = (parsed.GetValue(to) ?? []).Select(Organ).ToList(),
            DocumentId = $"{sender.OrganId},{issued.ToString("yyyy/MM/dd", CultureInfo.InvariantCulture)},{code}",
            Code = new EdxmlCode(code.Number, notation),
            Promulgation = new PromulgationInfo(parsed.GetValue(place), issued),
            DocumentType = new EdxmlDocumentType(2, 0, parsed.GetValue(type)),
            Subject = Needed(parsed, subject),
            Content = parsed.GetValue(content) ?? Needed(parsed, subject),
            Signer = new SignerInfo(null, parsed.GetValue(position), parsed.GetValue(signer)),
            Other = new OtherInfo { Priority = UrgencyOf(parsed.GetValue(urgency)).Priority(), Direction = false },
            SteeringType = 0,
            Bussiness = new Bussiness { Type = BussinessType.New, Reason = "Văn bản điện tử mới", Paper = false },
            References = attachments.Select(a => new EdxmlReference(a.ContentId, AttachmentEncoding.ContentTypeOf(a.Name), null, a.Name)).ToList(),
        };
        return (EdxmlWriter.WriteEnvelope(document), [new TraceHop(sender.OrganId, now)], attachments);
    }

    private static string Needed(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) ?? throw new CommandException(
        ExitCode.Usage, $"Thiếu {option.Name}, hoặc --envelope.", $"{option.Name} is missing, or --envelope.");

    private static EdxmlOrgan Organ(string text)
    {
        var parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
        return new EdxmlOrgan { OrganId = OrganId.Parse(parts[0]), Name = parts.Length > 1 ? parts[1] : null };
    }

    private static DateOnly DateOf(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw new CommandException(ExitCode.Usage, $"Ngày «{text}» không đúng; hãy viết yyyy-MM-dd.", $"The date «{text}» is wrong; write yyyy-MM-dd.");

    private static Urgency UrgencyOf(string? word) => word switch
    {
        "khan" => Urgency.Urgent,
        "thuong-khan" => Urgency.VeryUrgent,
        "hoa-toc" => Urgency.Express,
        _ => Urgency.Normal,
    };
}
