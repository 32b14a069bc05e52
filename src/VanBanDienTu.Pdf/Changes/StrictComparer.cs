using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VanBanDienTu.Pdf;

/// <summary>
/// Compares two values through all their references and refuses any difference. It walks everything reachable, so an object that an
/// unchanged one refers to is seen even when only that object was replaced. Loop-safe and without recursion across references.
/// </summary>
internal sealed class StrictComparer(Difference work)
{
    private const int ShownPath = 120;

    private readonly Stack<Pair> waiting = new();
    private readonly HashSet<(PdfRef, PdfRef)> seenNames = [];
    private readonly HashSet<(object, object)> seenValues = new(ByIdentity.Instance);

    /// <summary>Programs that rewrite an object write its reals anew, from the single precision that they hold them in.</summary>
    private const double SinglePrecision = 1e-6;

    private readonly HashSet<PdfRef> told = [];

    /// <summary>Two values at one place: under <paramref name="Above"/>, by <paramref name="Key"/> when that was a dictionary.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Pair(PdfObject Before, PdfObject After, PdfRef? Owner, Place? Above, string? Key)
    {
        /// <summary>Only differences are worth a text.</summary>
        public string Path => Place.Text(Above, Key);
    }

    private sealed record Place(Place? Above, string? Key)
    {
        public static string Text(Place? above, string? key)
        {
            var path = above is null ? "" : Text(above.Above, above.Key);
            return key is null ? path : path.Length == 0 ? key : $"{Short(path)}/{key}";
        }
    }

    /// <summary>Puts a pair on the list; <see cref="Run"/> compares it.</summary>
    public void Add(PdfObject before, PdfObject after, PdfRef? owner, string path) => waiting.Push(new Pair(before, after, owner, null, path));

    /// <summary>Compares all that waits, and all that this leads to.</summary>
    public void Run()
    {
        while (waiting.TryPop(out var pair))
        {
            work.After.File.Budget.Step();
            Compare(pair);
        }
    }

    private void Compare(Pair pair)
    {
        var (a, b, owner) = (pair.Before, pair.After, pair.Owner);
        var sameName = false;
        if (a is PdfReference from && b is PdfReference to)
        {
            sameName = from.Target == to.Target;
            if ((sameName && work.IsJudged(to.Target, pair.Key)) || !seenNames.Add((from.Target, to.Target)))
                return;
        }
        if (b is PdfReference { Target: var used } && work.Released.Contains(used) && OutsideForm(pair.Path))
        {
            work.Refuse(ChangeClass.Undefined, used, $"Hình hiển thị cũ của một trường vừa được điền còn được dùng ở {pair.Path}.",
                $"The former appearance of a field that was filled in is also used by {pair.Path}.");
        }
        // The object to name is the one that changed: the one behind an unchanged reference, else the one that holds the reference.
        if (sameName)
            owner = ((PdfReference)b).Target;
        // What stands in another value was seen with it, and what has one name on both sides was seen by its name.
        var byItself = !sameName && (a is PdfReference || b is PdfReference);
        (a, b) = (work.Before.Resolve(a), work.After.Resolve(b));
        if (byItself && a is PdfArray or PdfDictionary or PdfStream && !seenValues.Add((a, b)))
            return;
        switch (a, b)
        {
            case (PdfDictionary x, PdfDictionary y):
                Entries(x, y, owner, pair);
                break;
            case (PdfArray x, PdfArray y) when x.Count == y.Count:
                for (var i = 0; i < x.Count; i++)
                {
                    if (IsPart(x[i]) || IsPart(y[i]) || !SameSimple(x[i], y[i]))
                        waiting.Push(new Pair(x[i], y[i], owner, pair.Above, pair.Key));
                }
                break;
            case (PdfStream x, PdfStream y) when ReferenceEquals(x, y):
                Entries(x.Dictionary, x.Dictionary, owner, pair); // the length may be another object's, and that be another
                if (!StreamData.Same(work.Before, x, work.After, y))
                    Differs(owner, pair.Path, "nội dung luồng dữ liệu khác", "stream data differs");
                break;
            case (PdfStream x, PdfStream y):
                Entries(Comparable(x, y), Comparable(y, x), owner, pair);
                if (!StreamData.Same(work.Before, x, work.After, y))
                    Differs(owner, pair.Path, "nội dung luồng dữ liệu khác", "stream data differs");
                break;
            default:
                if (!SameSimple(a, b))
                    Differs(owner, pair.Path, "giá trị khác", "the value differs");
                break;
        }
    }

    private void Entries(PdfDictionary before, PdfDictionary after, PdfRef? owner, Pair pair)
    {
        Place? here = null;
        foreach (var (key, value) in before)
        {
            var other = ReferenceEquals(before, after) ? value : after[key];
            if (IsPart(value) || IsPart(other) || !SameSimple(value, other))
                waiting.Push(new Pair(value, other, owner, here ??= new Place(pair.Above, pair.Key), key));
        }
        if (ReferenceEquals(before, after))
            return; // nothing of its own changed; what it refers to may have
        foreach (var (key, value) in after)
        {
            if (!before.Has(key))
                waiting.Push(new Pair(PdfNull.Instance, value, owner, here ??= new Place(pair.Above, pair.Key), key));
        }
    }

    private static bool OutsideForm(string path) => path.StartsWith("Catalog/", StringComparison.Ordinal) || path.StartsWith("trailer/", StringComparison.Ordinal);

    /// <summary>How data is encoded does not matter when it stands at another place; when it is the same place, the dictionary must be the same too.</summary>
    private static PdfDictionary Comparable(PdfStream stream, PdfStream other) =>
        stream.DataOffset == other.DataOffset ? stream.Dictionary : stream.Dictionary.Without("Length", "Filter", "DecodeParms");

    internal static bool IsPart(PdfObject value) => value is PdfReference or PdfArray or PdfDictionary or PdfStream;

    internal static bool SameSimple(PdfObject a, PdfObject b) => (a, b) switch
    {
        (PdfNull, PdfNull) => true,
        (PdfBoolean x, PdfBoolean y) => x.Value == y.Value,
        (PdfInteger x, PdfInteger y) => x.Value == y.Value,
        (PdfNumber x, PdfNumber y) => Math.Abs(x.Number - y.Number) <= SinglePrecision * Math.Max(Math.Abs(x.Number), Math.Abs(y.Number)),
        (PdfName x, PdfName y) => x.Value == y.Value,
        (PdfString x, PdfString y) => x.Bytes.Span.SequenceEqual(y.Bytes.Span),
        _ => false,
    };

    /// <summary>One sentence for each object: the first difference names it, more would bury it.</summary>
    private void Differs(PdfRef? owner, string path, string vi, string en)
    {
        if (owner is null || told.Add(owner.Value))
            work.Refuse(ChangeClass.Undefined, owner, $"{path}: {vi} so với bản trước.", $"{path}: {en} from the revision before.");
    }

    /// <summary>A path through thousands of links is of no use to a reader.</summary>
    private static string Short(string path) => path.Length <= ShownPath ? path : $"…{path[^80..]}";

    private sealed class ByIdentity : IEqualityComparer<(object, object)>
    {
        public static ByIdentity Instance { get; } = new();

        public bool Equals((object, object) x, (object, object) y) => ReferenceEquals(x.Item1, y.Item1) && ReferenceEquals(x.Item2, y.Item2);

        public int GetHashCode((object, object) pair) => HashCode.Combine(RuntimeHelpers.GetHashCode(pair.Item1), RuntimeHelpers.GetHashCode(pair.Item2));
    }
}
