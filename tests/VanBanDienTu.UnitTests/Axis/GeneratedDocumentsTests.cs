using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Axis.Organs;

namespace VanBanDienTu.UnitTests.Axis;

/// <summary>Whatever can be written is read again as the same, through the envelope and through a whole packet.</summary>
public sealed class GeneratedDocumentsTests
{
    private const int Documents = 100;

    private static readonly string[] Pieces =
    [
        "a", "Ủy ban", "nhân dân", "đ", "Ậ", "<", "&", "]]>", "\"", "'", "\n", "\r", "\t", " ", "0", "/", ",", "–", "…", "😀", "\u00A0", "e\u0301", "cid:", "--", "<!--", "&#0;",
    ];

    [Fact]
    public void Any_document_written_is_read_as_the_same()
    {
        Prop.ForAll(Document().ToArbitrary(), document =>
        {
            var envelope = EdxmlWriter.WriteEnvelope(document);
            var read = EdxmlReader.ReadEnvelope(envelope).RequireDocument();
            Assert.Equal(Json(document), Json(read));
            Assert.Equal(envelope, EdxmlWriter.WriteEnvelope(read));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Documents));
    }

    [Fact]
    public void Any_document_packed_is_unpacked_as_the_same()
    {
        Prop.ForAll(Document().ToArbitrary(), document =>
        {
            using var folder = new TemporaryFolder();
            var envelope = EdxmlWriter.WriteEnvelope(document with { Trace = [] });
            using var packet = new MemoryStream();
            EdxmlPacket.Pack(envelope, document.Trace, document.References.Select(r => new PacketAttachment(r.ContentId, r.AttachmentName ?? "x", r.Description, () => new MemoryStream([1, 2, 3]))).ToList(), packet);
            packet.Position = 0;
            var read = EdxmlPacket.Unpack(packet, folder.Path);
            Assert.Equal(Json(document), Json(read.Reading.RequireDocument()));
            Assert.Equal(envelope, read.Envelope);
            Assert.Equal(document.Trace, read.Hops);
            Assert.Equal(document.References.Select(r => r.ContentId), read.Attachments.Select(a => a.ContentId));
            Assert.All(read.Attachments, a => Assert.Equal(3, a.Size));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Documents));
    }

    [Fact]
    public void Any_status_written_is_read_as_the_same()
    {
        var statuses =
            from @from in Organ()
            from about in ResponseFor()
            from staff in Optional(Staff())
            from code in Gen.Elements(Enum.GetValues<EdxmlStatusCode>())
            from description in Optional(Text())
            from time in Optional(Time())
            select new EdxmlStatus { From = @from, ResponseFor = about, Staff = staff, StatusCode = code, Description = description, Timestamp = time.Value };
        Prop.ForAll(statuses.ToArbitrary(), status => Assert.Equal(Json(status), Json(EdxmlReader.ReadEnvelope(EdxmlWriter.WriteStatus(status)).RequireStatus())))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Documents));
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);

    private static Gen<EdxmlDocument> Document() =>
        from parties in Parties()
        from texts in Text().ArrayOf(4)
        from optional in Optional(Text()).ArrayOf(8)
        from date in Date()
        from due in Optional(Date().Select(d => new Boxed<DateOnly>(d)))
        from numbers in Optional(Gen.Choose(-3, 1_000_000).Select(n => new Boxed<int>(n))).ArrayOf(6)
        from flags in Gen.Elements<bool?>(true, false, null).ArrayOf(2)
        from lists in Texts().ArrayOf(3)
        from answers in Few(ResponseFor())
        from trace in Few(Hop())
        from bussiness in Optional(Bussiness())
        from references in References()
        select new EdxmlDocument
        {
            From = parties[0],
            To = parties.Skip(1).ToList(),
            DocumentId = texts[0],
            Code = new EdxmlCode(texts[1], optional[0]),
            Promulgation = new PromulgationInfo(optional[1], date),
            DocumentType = flags[0] is null ? null : new EdxmlDocumentType(numbers[0]?.Value, numbers[1]?.Value, optional[2]),
            Subject = texts[2],
            Content = optional[3],
            Signer = flags[1] is null ? null : new SignerInfo(optional[4], optional[5], texts[3]),
            DueDate = due?.Value,
            Other = numbers[2] is null ? null : new OtherInfo
            {
                Priority = numbers[3]?.Value, PageAmount = numbers[4]?.Value, Direction = flags[0], SphereOfPromulgation = optional[6], Appendixes = lists[0],
                ReplyFors = optional[7], TyperNotation = optional[4],
            },
            ResponseFor = answers,
            SteeringType = numbers[5]?.Value,
            TaskCodes = lists[1],
            ApplicationType = optional[6],
            ToPlaces = lists[2],
            Trace = trace,
            Bussiness = bussiness,
            References = references,
        };

    private static Gen<List<EdxmlOrgan>> Parties() =>
        from count in Gen.Choose(2, 6)
        from organs in Organ().ArrayOf(count)
        select organs.DistinctBy(o => o.OrganId).ToList() is { Count: > 1 } different
            ? different
            : new List<EdxmlOrgan> { organs[0], organs[0] with { OrganId = OrganId.Parse("Y99.9") } };

    private static Gen<EdxmlOrgan> Organ() =>
        from id in OrganIds()
        from texts in Optional(Text()).ArrayOf(7)
        select new EdxmlOrgan
        {
            OrganId = id, InCharge = texts[0], Name = texts[1], Address = texts[2], Email = texts[3], Telephone = texts[4], Fax = texts[5], Website = texts[6],
        };

    private static Gen<OrganId> OrganIds() => Gen.OneOf(
        Gen.Choose(1, 99).Select(n => OrganId.Parse($"H{n:00}.{n}")),
        Gen.Choose(1, 99).Select(n => OrganId.Parse($"000.00.{n:00}.G12")),
        Gen.Choose(1, 99).Select(n => OrganId.Parse($"Z{n:00}A.{n}")),
        Gen.Elements("28.22.H17", "0100109106").Select(OrganId.Parse));

    private static Gen<Bussiness> Bussiness() =>
        from type in Gen.Elements(Enum.GetValues<BussinessType>())
        from id in Text()
        from texts in Optional(Text()).ArrayOf(3)
        from paper in Gen.Elements<bool?>(true, false, null)
        from organs in Few(OrganIds())
        from staff in Optional(Staff())
        select new Bussiness
        {
            Type = type,
            DocumentId = type == BussinessType.Update ? id : null,
            Reason = texts[0],
            Paper = paper,
            Changes = type == BussinessType.Update ? [new BussinessDocumentInfo(texts[1], texts[2], organs.Select(o => new BussinessReceiver(o, texts[1])).ToList())] : [],
            Replacements = type == BussinessType.Replace ? [new ReplacementInfo(id, organs)] : [],
            Staff = staff,
        };

    private static Gen<StaffInfo> Staff() =>
        from texts in Optional(Text()).ArrayOf(6)
        select new StaffInfo { Department = texts[0], DepartmentId = texts[1], StaffId = texts[2], Staff = texts[3], Email = texts[4], Mobile = texts[5] };

    private static Gen<ResponseFor> ResponseFor() =>
        from organ in Optional(OrganIds())
        from code in Optional(Text())
        from id in Text()
        from date in Optional(Date().Select(d => new Boxed<DateOnly>(d)))
        select new ResponseFor(organ, code, id, date?.Value);

    private static Gen<TraceHop> Hop() =>
        from organ in Optional(OrganIds())
        from time in Time()
        select new TraceHop(organ, time.Value);

    private static Gen<List<EdxmlReference>> References() =>
        from count in Gen.Choose(0, 3)
        from names in Text().ArrayOf(count)
        from descriptions in Optional(Text()).ArrayOf(count)
        select names.Select((name, i) => new EdxmlReference($"id-{i}", AttachmentEncoding.ContentTypeOf(name), descriptions[i], name)).ToList();

    private static Gen<List<string>> Texts() => Few(Text());

    // Trimmed and never empty: that is what the model promises. A text that is itself a prefix or a mark is none of this test's business.
    private static Gen<string> Text() =>
        from pieces in Gen.Elements(Pieces).NonEmptyListOf()
        select string.Concat(pieces).Trim() is { Length: > 0 } text ? text : "x";

    private static Gen<DateOnly> Date() => Gen.Choose(0, 60_000).Select(d => new DateOnly(1945, 9, 2).AddDays(d));

    private static Gen<(DateTimeOffset? Value, bool Any)> Time() =>
        Gen.Choose(0, int.MaxValue).Select(s => ((DateTimeOffset?)new DateTimeOffset(1990, 1, 1, 0, 0, 0, TimeSpan.FromHours(7)).AddSeconds(s), true));

    private static Gen<T?> Optional<T>(Gen<T> some) => Gen.Frequency((2, some.Select(s => (T?)s)), (1, Gen.Constant(default(T))));

    private static Gen<List<T>> Few<T>(Gen<T> some) => Gen.Choose(0, 3).SelectMany(n => some.ArrayOf(n)).Select(a => a.ToList());

    private sealed record Boxed<T>(T Value);
}
