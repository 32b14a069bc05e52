using VanBanDienTu.UnitTests.Pdf;

namespace VanBanDienTu.FuzzTests.Attacks;

/// <summary>How a revision is written: its dictionaries in the open, in an object stream, or in one that only a hybrid table leads to.</summary>
internal enum Shape
{
    Table,
    ObjectStream,
    Hybrid,
}

/// <summary>A revision whose content is the same in every <see cref="Shape"/>.</summary>
internal sealed class ShapedUpdate(AttackSample sample)
{
    private readonly List<(int Number, string Body)> objects = [];
    private readonly List<(int Number, string Entries, string Data)> streams = [];

    public ShapedUpdate Object(int number, string body)
    {
        objects.Add((number, body));
        return this;
    }

    public ShapedUpdate Stream(int number, string entries, string data)
    {
        streams.Add((number, entries, data));
        return this;
    }

    public byte[] Write(Shape shape)
    {
        var pdf = streams.Aggregate(sample.Begin(), (p, s) => p.Stream(s.Number, s.Entries, s.Data));
        if (shape == Shape.Table)
            return objects.Aggregate(pdf, (p, o) => p.Object(o.Number, o.Body)).EndTable(sample.Trailer).ToArray();
        pdf.Packed(sample.Free + 10, [.. objects]);
        return (shape == Shape.ObjectStream ? pdf.EndStream(sample.Free + 11, sample.Trailer) : pdf.EndHybrid(sample.Free + 11, sample.Trailer)).ToArray();
    }
}
